import { BASE_SETS } from './base-sets.ts';
import { BASE_HEADGEAR, BASE_PROPS } from './held.ts';
import { BASE_SILHOUETTES } from './silhouettes.ts';
import { ACTIONS, CAMERAS, TIMES } from './spec.ts';
import { TALES, taleOf } from './tales.ts';
import { BASE_TEXTURES } from './textures.ts';
import { COLOURS, keys } from './worlds.ts';

/** What captions of the base's worlds and tales hold beside the words below, and what the engine says of a mirrored clip. */
const BETWEEN = 'a fellow with nothing and in the painted at , camera mirrored';

/** Every word that captions of the base's worlds and tales may hold, as the engine reads them (`models/words.py`), in alphabetical order. */
export function captionWords(): string[] {
  const looks = [COLOURS, BASE_SILHOUETTES, BASE_TEXTURES, BASE_HEADGEAR, BASE_PROPS, BASE_SETS];
  const names = Array.from({ length: TALES }, (_, index) => taleOf(index)).flatMap(({ characters, sets }) =>
    [...characters, ...sets].map(({ name }) => name),
  );
  const said = [...looks.flatMap((of) => keys(of) as string[]), ...ACTIONS, ...CAMERAS, ...TIMES, ...names];
  const words = [...said, BETWEEN].flatMap((text) => text.toLowerCase().match(/\w+|[^\w\s]/g) ?? []);
  return [...new Set(words)].sort();
}
