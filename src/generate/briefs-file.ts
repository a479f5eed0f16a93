import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { BacklotError, type Mode, messageOf, wordsOfBadInput } from '../contract/index.ts';
import { type Brief, briefSchema } from './schema.ts';

/** A brief of each mode, for people to start from. */
export const EXAMPLES: Record<Mode, Omit<z.input<typeof briefSchema>, 'id' | 'mode'>> = {
  text: { text: 'a fox runs left through the snow' },
  first: { text: 'the fox turns round', first: 'fox.png' },
  'first-last': { text: 'the fox jumps over the wall', first: 'before.png', last: 'after.png' },
  extend: { text: 'the fox runs on', video: 'fox.mp4' },
  precede: { text: 'the fox comes up to the wall', video: 'fox.mp4' },
  restyle: { text: 'a red fox by night', video: 'fox.mp4', strength: 0.6 },
};

/** For `--help`: what a file of briefs looks like. */
export const briefsHelp = (): string =>
  [
    'The file holds a list of briefs. What a brief gives beside words depends on its mode:',
    ...Object.entries(EXAMPLES).map(([mode, example], n) => `  ${exampleLine(`b${n + 1}`, mode, example)}`),
    'extend goes on from the end of the video, precede leads up to its beginning, restyle draws its beginning anew.',
    "A last picture stands still for as long as the codec's last block. Paths start from the file's own folder.",
    'Adapters are combined by weight: "adapters": [{"id": "mdl_a", "weight": 1}, {"id": "mdl_b", "weight": 0.5}]',
  ].join('\n');

const exampleLine = (id: string, mode: string, { text, ...given }: { text: string }): string =>
  JSON.stringify({ id, mode, text, ...given }).replaceAll(/([,:])"/g, '$1 "');

/** The briefs in a JSON file; relative paths in it start from its folder. @throws BacklotError `bad-briefs` */
export async function briefsIn(path: string): Promise<Brief[]> {
  try {
    const found = z
      .array(briefSchema)
      .min(1)
      .parse(JSON.parse(await readFile(path, 'utf8')));
    return found.map((brief) => placed(brief, dirname(path)));
  } catch (error) {
    throw new BacklotError('bad-briefs', {
      expected: 'a JSON list of briefs {id, text, mode, candidates, seed, adapters, expect}',
      where: path,
      found: error instanceof z.ZodError ? wordsOfBadInput(error) : messageOf(error),
      remedy: 'Mend the file; `backlot generate --help` shows a brief of each mode.',
    });
  }
}

function placed(brief: Brief, folder: string): Brief {
  const at = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  return { ...brief, first: at(brief.first), last: at(brief.last), video: at(brief.video) };
}
