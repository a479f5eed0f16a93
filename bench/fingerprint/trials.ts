import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Report } from '../../src/contract/index.ts';
import { decodeFrames } from '../../src/media/index.ts';
import { blocksOf } from '../../src/provenance/print/coarse.ts';
import { STRIDE, VIEW } from '../../src/provenance/print/grid.ts';
import { compared, likelier, type Print } from '../../src/provenance/print/match.ts';
import { type Looks, looksOf, printOf } from '../../src/provenance/print/print.ts';
import { CLIP } from '../../src/sample/index.ts';
import { ATTACKS, attack, deliver } from './attacks.ts';
import { apart, hashOf } from './hashes.ts';
import { framesOf, type Sketch } from './takes.ts';

/** Takes in one file: encoders and decoders are started less often. */
const IN_A_FILE = 40;

/** One copy that was looked for. */
export interface Trial {
  attack: string;
  take: number;
  /** Distance to the take's own record; null where it was not looked at closely. */
  own: number | null;
  /** Records of other takes that were looked at closely, the nearest first. All others were farther in blocks. */
  others: { take: number; distance: number }[];
  /** The peer's distance to the take's own record and to the nearest others. */
  peer: { own: number; others: number[] };
}

interface Kept {
  prints: Print[];
  hashes: [number, number][][];
  unprinted: number;
}

/** Makes the takes, keeps their fingerprints, attacks each take in every way, and looks for every copy. */
export async function trials(takes: readonly Sketch[], report: Report) {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-bench-fingerprint-'));
  try {
    const files = Array.from({ length: Math.ceil(takes.length / IN_A_FILE) }, (_, n) => n * IN_A_FILE);
    const kept: Kept = { prints: [], hashes: [], unprinted: 0 };
    for (const first of files) {
      report({ phase: 'making takes', done: first, total: takes.length, unit: 'takes' });
      const file = join(folder, `${first}.mp4`);
      await deliver(file, framesOf(takes.slice(first, first + IN_A_FILE)));
      keep(kept, await looksIn(file), first);
    }
    return { done: await searched(folder, files, kept, report), unprinted: kept.unprinted };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file a thread at a time. */
async function searched(folder: string, files: readonly number[], kept: Kept, report: Report) {
  const waiting = [...files];
  const done: Trial[] = [];
  const worker = async (): Promise<void> => {
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
      done.push(...(await inThread({ folder, first, kept })));
      report({
        phase: 'looking for copies',
        done: done.length,
        total: kept.hashes.length * ATTACKS.length,
        unit: 'copies',
      });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker));
  return done;
}

interface Work {
  folder: string;
  first: number;
  kept: Kept;
}

const inThread = (work: Work): Promise<Trial[]> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: work });
    thread.once('message', resolve);
    thread.once('error', reject);
  });

/** What a thread does: every attack on one file of takes. */
export async function trialsOf({ folder, first, kept }: Work): Promise<Trial[]> {
  const done: Trial[] = [];
  for (const how of ATTACKS) {
    const copy = join(folder, `${first}-copy.mp4`);
    await attack(join(folder, `${first}.mp4`), copy, how);
    (await looksIn(copy)).forEach((looks, n) => void done.push(trial(kept, looks, how.name, first + n)));
    await rm(copy);
  }
  return done;
}

function keep(kept: Kept, looks: readonly Looks[], first: number): void {
  looks.forEach((seen, n) => {
    const print = printOf(seen);
    if ('cells' in print)
      kept.prints.push({ take: `${first + n}`, cells: print.cells, blocks: blocksOf(print.cells) });
    else kept.unprinted++;
    kept.hashes.push(hashesOf(seen));
  });
}

const hashesOf = ({ sums }: Looks) => sums.filter((_, n) => n % STRIDE === 0).map(hashOf);

async function looksIn(file: string): Promise<Looks[]> {
  const pictures: Buffer[] = [];
  await decodeFrames(
    file,
    { ...VIEW, pixelFormat: 'gray' },
    (_, bytes) => void pictures.push(Buffer.from(bytes)),
  );
  return Array.from({ length: pictures.length / CLIP.frames }, (_, n) =>
    looksOf(pictures.slice(n * CLIP.frames, (n + 1) * CLIP.frames)),
  );
}

function trial({ prints, hashes }: Kept, looks: Looks, name: string, take: number): Trial {
  const matches = compared(looks, likelier(looks, prints)).map(({ take, distance }) => ({
    take: Number(take),
    distance,
  }));
  const own = matches.find((match) => match.take === take)?.distance ?? null;
  const hash = hashesOf(looks);
  const apartFrom = hashes.map((other) => apart(hash, other));
  const others = apartFrom.filter((_, n) => n !== take).sort((a, b) => a - b);
  return {
    ...{ attack: name, take, own, others: matches.filter((match) => match.take !== take) },
    peer: { own: apartFrom[take] as number, others: others.slice(0, 20) },
  };
}
