import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { decodeFrames } from '../../src/media/index.ts';
import { blocksOf } from '../../src/provenance/print/coarse.ts';
import { STRIDE, VIEW } from '../../src/provenance/print/grid.ts';
import type { Print } from '../../src/provenance/print/match.ts';
import { looksOf, printOf } from '../../src/provenance/print/print.ts';
import { comparedMoments, likelierMoments } from '../../src/provenance/print/still.ts';
import { CLIP } from '../../src/sample/index.ts';
import { ATTACKS, type Attack, attack, deliver } from '../fingerprint/attacks.ts';
import { apart, hashOf } from '../fingerprint/hashes.ts';
import { framesOf, type Sketch, TAKES_OF_A_BRIEF } from '../fingerprint/takes.ts';

/** The copies that pictures are saved from. */
export const COPIES: readonly Attack[] = ATTACKS.filter(({ name }) =>
  /^(H\.264 at crf 30|all four)$/.test(name),
);
/** Frames that are saved; a fingerprint keeps every second one, the odd ones lie between. */
export const FRAMES = [0, 5, 8, 13];

/** Takes in one file: encoders and decoders are started less often. */
const IN_A_FILE = 40;

/** One picture, compared with all takes. */
export interface Seen {
  copy: string;
  take: number;
  frame: number;
  /** Of the takes that were looked at closely; all others were farther in blocks. */
  distances: Map<number, number>;
  /** Bits that differ, as a share: from the take itself, and from the nearest of another brief. */
  peer: { own: number; others: number };
  ms: number;
}

interface Kept {
  prints: Print[];
  hashes: [number, number][][];
}

/** Makes the takes, keeps their fingerprints, and compares the frames of copies of each with all of them. */
export async function seenIn(folder: string, takes: readonly Sketch[], report: Report): Promise<Seen[]> {
  const say = (phase: string, done: number) => report({ phase, done, total: takes.length, unit: 'takes' });
  const kept: Kept = { prints: [], hashes: [] };
  const files = Array.from({ length: Math.ceil(takes.length / IN_A_FILE) }, (_, n) => n * IN_A_FILE);
  for (const first of files) {
    say('making takes', first);
    const file = join(folder, `${first}.mp4`);
    await deliver(file, framesOf(takes.slice(first, first + IN_A_FILE)));
    (await clipsIn(file)).forEach((clip, n) => void keep(kept, clip, first + n));
  }
  const seen: Seen[] = [];
  for (const how of COPIES)
    for (const first of files) {
      say(`pictures of ${how.name}`, first);
      seen.push(...(await picturesOf(folder, first, how, kept)));
    }
  return seen;
}

function keep({ prints, hashes }: Kept, clip: readonly Uint8Array[], take: number): void {
  const looks = looksOf(clip);
  const print = printOf(looks);
  if ('cells' in print) prints.push({ take: `${take}`, cells: print.cells, blocks: blocksOf(print.cells) });
  hashes.push(looks.sums.filter((_, n) => n % STRIDE === 0).map(hashOf));
}

async function picturesOf(folder: string, first: number, how: Attack, kept: Kept): Promise<Seen[]> {
  const copy = join(folder, 'copy.mp4');
  await attack(join(folder, `${first}.mp4`), copy, how);
  const clips = await clipsIn(copy);
  await rm(copy);
  return clips.flatMap((clip, n) =>
    FRAMES.map((frame) => ({
      ...{ copy: how.name, take: first + n, frame },
      ...compared(clip[frame] as Uint8Array, first + n, kept),
    })),
  );
}

function compared(picture: Uint8Array, take: number, { prints, hashes }: Kept) {
  const looks = looksOf([picture]);
  const began = process.cpuUsage();
  const matches = comparedMoments(looks, likelierMoments(looks, prints));
  const ms = process.cpuUsage(began).user / 1000;
  const hash = hashOf(looks.sums[0] as Int32Array);
  const nearest = hashes.map((moments) => Math.min(...moments.map((one) => apart([hash], [one]))));
  const brief = Math.floor(take / TAKES_OF_A_BRIEF);
  const others = nearest.filter((_, n) => Math.floor(n / TAKES_OF_A_BRIEF) !== brief);
  return {
    distances: new Map(matches.map((match) => [Number(match.take), match.distance])),
    peer: { own: nearest[take] as number, others: Math.min(...others) },
    ms,
  };
}

/** Pictures of each take in a file, VIEW.height x VIEW.width. */
async function clipsIn(file: string): Promise<Uint8Array[][]> {
  const pictures: Uint8Array[] = [];
  await decodeFrames(
    file,
    { ...VIEW, pixelFormat: 'gray' },
    (_, bytes) => void pictures.push(Uint8Array.from(bytes)),
  );
  return Array.from({ length: pictures.length / CLIP.frames }, (_, n) =>
    pictures.slice(n * CLIP.frames, (n + 1) * CLIP.frames),
  );
}
