// The open base's worlds: plain fellows in everyday places, which no title of the studio shares.
import { BASE_SETS } from './base-sets.ts';
import type { BASE_HEADGEAR, BASE_PROPS } from './held.ts';
import { motionOf } from './motion.ts';
import { type Rng, rngOf, shuffled } from './random.ts';
import { BASE_SILHOUETTES } from './silhouettes.ts';
import {
  ACTIONS,
  type Action,
  CAMERAS,
  type Camera,
  type CharacterLook,
  type Rgb,
  type SetLook,
  type ShotSpec,
  type Style,
  TIMES,
  type Time,
} from './spec.ts';
import type { BASE_TEXTURES } from './textures.ts';

export const COLOURS = {
  red: [214, 40, 44],
  orange: [246, 136, 32],
  yellow: [252, 218, 48],
  green: [44, 160, 70],
  blue: [44, 92, 214],
  purple: [136, 60, 176],
  pink: [248, 136, 184],
  white: [244, 244, 240],
} as const satisfies Record<string, Rgb>;
export type Colour = keyof typeof COLOURS;
export type BaseSilhouette = keyof typeof BASE_SILHOUETTES;
/** What a fellow wears or holds, and in which colour. */
const HELD_COLOURS = {
  nothing: [0, 0, 0],
  tophat: [226, 60, 60],
  crown: [255, 206, 40],
  bow: [60, 200, 214],
  lollipop: [232, 70, 150],
  spade: [150, 160, 176],
  bag: [150, 96, 60],
} as const satisfies Record<keyof typeof BASE_HEADGEAR | keyof typeof BASE_PROPS, Rgb>;
export type BaseHeld = keyof typeof HELD_COLOURS;

const ACCENTS = {
  plain: [0, 0, 0],
  sash: [250, 248, 240],
  belly: [255, 232, 176],
  cap: [44, 48, 84],
} as const satisfies Record<'plain' | keyof typeof BASE_TEXTURES, Rgb>;
export type BaseTexture = keyof typeof ACCENTS;

export const BASE_STYLE: Style = {
  ink: [38, 30, 46],
  inkWidth: 0.016,
  inkScenery: false,
  shading: 'glow',
  sky: 'gradient',
};

export type BaseSet = keyof typeof BASE_SETS;

export const SHADINGS = ['flat', 'side', 'glow', 'band'] as const satisfies readonly Style['shading'][];
export const SKIES = ['gradient', 'bands', 'flat'] as const satisfies readonly Style['sky'][];

export const keys = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

/** The words of one base clip, in the order its caption says them. */
export interface WorldWords {
  readonly colour: Colour;
  readonly silhouette: BaseSilhouette;
  readonly texture: BaseTexture;
  readonly held: BaseHeld;
  readonly action: Action;
  readonly set: BaseSet;
  /** In colours that the place does not usually have: no palette is tied to a kind of place. */
  readonly painted: boolean;
  readonly time: Time;
  readonly camera: Camera;
}

export function worldCaption(w: WorldWords): string {
  const worn = w.texture === 'plain' ? w.held : `${w.texture} and ${w.held}`;
  const place = w.painted ? `painted ${w.set}` : w.set;
  return `a ${w.colour} ${w.silhouette} fellow with ${worn} ${w.action} in the ${place} at ${w.time} , camera ${w.camera}`;
}

const lookKey = (w: WorldWords) => `${w.colour}+${w.silhouette}+${w.held}`;
const sceneKey = (w: WorldWords) => `${w.set}+${w.action}+${w.time}`;

/** Combinations kept out of every training split: fixed once, so that all shards and seeds agree. */
const RESERVED_LOOKS = 8;
const RESERVED_SCENES = 4;

export const reservedLooks: ReadonlySet<string> = new Set(
  shuffled(
    rngOf('reserved looks'),
    keys(COLOURS).flatMap((c) =>
      keys(BASE_SILHOUETTES).flatMap((s) => keys(HELD_COLOURS).map((h) => `${c}+${s}+${h}`)),
    ),
  ).slice(0, RESERVED_LOOKS),
);
export const reservedScenes: ReadonlySet<string> = new Set(
  shuffled(
    rngOf('reserved scenes'),
    keys(BASE_SETS).flatMap((s) => ACTIONS.flatMap((a) => TIMES.map((t) => `${s}+${a}+${t}`))),
  ).slice(0, RESERVED_SCENES),
);

export type Novelty = 'none' | 'look' | 'scene';

export function noveltyOf(words: WorldWords): Novelty {
  if (reservedLooks.has(lookKey(words))) return 'look';
  return reservedScenes.has(sceneKey(words)) ? 'scene' : 'none';
}

const PAINTED_SHARE = 0.4;

type LookWords = Pick<WorldWords, 'colour' | 'silhouette' | 'texture' | 'held'>;
type SetWords = Pick<WorldWords, 'set' | 'painted'>;

export const lookWords = (rng: Rng): LookWords => ({
  colour: rng.pick(keys(COLOURS)),
  silhouette: rng.pick(keys(BASE_SILHOUETTES)),
  texture: rng.pick(keys(ACCENTS)),
  held: rng.pick(keys(HELD_COLOURS)),
});

function anyWords(rng: Rng): WorldWords {
  return {
    ...lookWords(rng),
    action: rng.pick(ACTIONS),
    set: rng.pick(keys(BASE_SETS)),
    painted: rng.chance(PAINTED_SHARE),
    time: rng.pick(TIMES),
    camera: rng.pick(CAMERAS),
  };
}

/** Words with the asked novelty; a reserved combination never comes out for 'none'. */
export function worldWords(rng: Rng, novelty: Novelty): WorldWords {
  for (;;) {
    const words = anyWords(rng);
    if (noveltyOf(words) === novelty) return words;
  }
}

/** Small seeded change of a colour: nuisance the model must see through. */
const jitter = (rng: Rng, c: Rgb, by: number): Rgb => {
  const at = (v: number) => Math.max(0, Math.min(255, v + rng.range(-by, by)));
  return [at(c[0]), at(c[1]), at(c[2])];
};

export function fellowOf(rng: Rng, w: LookWords): CharacterLook {
  const body = jitter(rng, COLOURS[w.colour], 7);
  return {
    name: 'fellow',
    silhouette: w.silhouette,
    body,
    accent: ACCENTS[w.texture],
    texture: w.texture,
    held: w.held,
    heldColour: HELD_COLOURS[w.held],
  };
}

/** A colour turned by `angle` radians around the axis from black to white. */
export function turned(c: Rgb, angle: number): Rgb {
  const grey = ((c[0] + c[1] + c[2]) / 3) * (1 - Math.cos(angle));
  const at = (own: number, next: number, last: number) =>
    Math.max(
      0,
      Math.min(255, own * Math.cos(angle) + grey + ((last - next) * Math.sin(angle)) / Math.sqrt(3)),
    );
  return [at(c[0], c[1], c[2]), at(c[1], c[2], c[0]), at(c[2], c[0], c[1])];
}

/** A place in its own colours, a little varied; a painted one has its whole palette turned. */
export function placeOf(rng: Rng, words: SetWords): SetLook {
  const set: SetLook = BASE_SETS[words.set];
  const angle = words.painted ? rng.range(0.7, 5.6) : 0;
  const dye = (c: Rgb) => jitter(rng, turned(c, angle), 8);
  return {
    ...set,
    sky: [dye(set.sky[0]), dye(set.sky[1])],
    backdropColour: dye(set.backdropColour),
    sceneryColours: [dye(set.sceneryColours[0]), dye(set.sceneryColours[1])],
    ground: dye(set.ground),
    patternColour: dye(set.patternColour),
  };
}

/** A complete shot for the words; size, place, speed, layout, palette and shading vary with `rng`. */
export function worldShot(rng: Rng, words: WorldWords): ShotSpec {
  const seconds = rng.range(2.2, 3.6);
  return {
    character: fellowOf(rng, words),
    set: placeOf(rng, words),
    style: { ...BASE_STYLE, shading: rng.pick(SHADINGS), sky: rng.pick(SKIES) },
    action: words.action,
    camera: words.camera,
    time: words.time,
    seconds,
    ...framing(rng, words.camera),
    layoutSeed: rng.int(0, 0x7fffffff),
    motion: motionOf(rng, words.action, words.camera, seconds),
  };
}

/** Sizes and heights shared by worlds and films; a zoom starts from a smaller figure. */
export function framing(rng: Rng, camera: Camera): Pick<ShotSpec, 'size' | 'horizon' | 'feet'> {
  const zooms = camera === 'zooms in';
  const horizon = rng.range(0.6, 0.66);
  const feet = zooms ? horizon + rng.range(0.16, 0.2) : rng.range(0.86, 0.91);
  return { size: rng.range(0.4, 0.46) * (zooms ? 0.9 : 1), horizon, feet };
}
