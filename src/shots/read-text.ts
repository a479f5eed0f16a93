import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogFile, deinterlaceOf, pulldownOf } from '../catalog/index.ts';
import { type Context, fileHash, localEngine } from '../jobs/index.ts';
import { decodeFrames, parseRate, rateNumber, withScratch } from '../media/index.ts';
import type { Shot, Span } from './schema.ts';
import type { Study } from './study.ts';
import { type ReadLine, textFacts } from './text-facts.ts';

/** The networks in rapidocr 3.10.0. */
const detector = { sha256: '090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f' };
const reader = { sha256: '6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884' };

/** Frames looked at in a shot. */
const looks = 3;
/** Lines of the pictures looked at: letters a thirtieth as high are read well. Taller films are brought down to it. */
const tallest = 480;
/** Frames of one engine job: they lie in a temporary file, about a megabyte each. */
const atOnce = 240;

/** Text in the pictures of all shots: subtitles, credits, time codes, signs. */
export const textStudy: Study = {
  fact: 'text',
  isFound: ({ text }) => (text?.lines.length ?? 0) > 0,
  look: async (context, file, shots) => {
    const each = Math.floor(atOnce / looks);
    const found = [];
    for (let at = 0; at < shots.length; at += each) {
      const some = shots.slice(at, at + each);
      found.push(...(await readSome(context, file, some)));
      context.report({
        phase: 'reading text',
        done: at + some.length,
        total: shots.length,
        unit: 'shots',
        note: file.titleName,
      });
    }
    return found;
  },
};

async function readSome(context: Context, file: CatalogFile, shots: readonly Shot[]) {
  return withScratch('text', async (folder) => {
    const frames = join(folder, 'frames.u8');
    const size = sizeOf(file);
    const taken = await takeFrames(context, file, shots, { ...size, to: frames });
    const job = { kind: 'read-text' as const, seed: 0, detector, reader, ...size };
    const input = { path: frames, sha256: await fileHash(frames) };
    const { directory } = await localEngine(folder).run({ ...job, frames: input }, undefined, context.signal);
    const lines = JSON.parse(await readFile(join(directory, 'lines.json'), 'utf8')) as ReadLine[][];
    const read = new Map(taken.map((frame, i) => [frame, lines[i] ?? []]));
    return shots.map((shot) => ({ text: textFacts(looksOf(shot).map((frame) => read.get(frame) ?? [])) }));
  });
}

/** Width and height at which text is read, pixels made square. */
function sizeOf({ facts }: CatalogFile): { width: number; height: number } {
  const height = Math.min(tallest, facts.height);
  const shape = (facts.width / facts.height) * rateNumber(parseRate(facts.sampleAspect));
  return { width: Math.max(2, Math.round(height * shape)), height };
}

const looksOf = ({ in: first, out }: Span): number[] => [
  ...new Set(
    Array.from({ length: looks }, (_, i) => first + Math.floor(((out - first) * (2 * i + 1)) / (2 * looks))),
  ),
];

async function takeFrames(
  context: Context,
  file: CatalogFile,
  shots: readonly Span[],
  { width, height, to }: { width: number; height: number; to: string },
): Promise<number[]> {
  const only = shots.flatMap(looksOf);
  const pulldown = await pulldownOf(context, file);
  const look = { width, height, only, pulldown, deinterlace: deinterlaceOf(file.facts) };
  await using target = await open(to, 'w');
  const taken: number[] = [];
  const { signal } = context;
  await decodeFrames(
    file.path,
    { ...look, pixelFormat: 'rgb24', toneMap: true, signal },
    async (index, rgb) => {
      taken.push(index);
      await target.writeFile(rgb);
    },
  );
  return taken;
}
