import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckLine, Report } from '../../src/contract/index.ts';
import { type CheckerCard, readTakes, usable, wilson } from '../../src/review/index.ts';
import { CLIP } from '../../src/sample/clips.ts';
import { shardsOf, writeManifest, writeShard } from '../../src/sample/shards.ts';
import { frozen, mush, patchwork, readLines, readPixels, type Shown, writeTakes } from '../checker/takes.ts';
import { benchIn } from '../lanes.ts';
import { shippedReader } from './shipped.ts';
import {
  ATTRIBUTES,
  type Attribute,
  allRight,
  isRight,
  READ_WELL,
  shownIn,
  type TruthRow,
  type Words,
} from './words.ts';

/** Clips that the reader never saw: another seed than the one it learned from. */
const SEED = 913;
const CLIPS = 120;
const FEW = 24;

type Kind = 'truth' | 'mush' | 'patchwork' | 'frozen';

interface Read {
  kind: Kind;
  truth: TruthRow;
  words: Words;
  line: CheckLine;
}

/** How often the reader of worlds is right on true clips, and refuses clips that are wrong on purpose. */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const dir = mkdtempSync(join(tmpdir(), 'backlot-bench-reader-'));
  try {
    await render(dir, quick ? FEW : CLIPS, report);
    const rows = await rowsOf(dir, report);
    return { bench: 'reader', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function render(dir: string, count: number, report: Report): Promise<void> {
  const job = { kind: 'fellows', seed: SEED, count, heldout: 1, dir, size: CLIP };
  let done = 0;
  const tell = () => report({ phase: 'rendering clips', done: ++done, total: count, unit: 'clips' });
  const shards = [];
  for (let shard = 0; shard < shardsOf(job); shard++) shards.push(await writeShard(job, shard, tell));
  writeManifest(dir, shards.flat());
}

async function rowsOf(dir: string, report: Report) {
  const reader = await shippedReader();
  const reads = await readAll(dir, reader, report);
  const of = (kind: Kind) => reads.filter((read) => read.kind === kind);
  const truth = of('truth');
  const passes = (read: Read, words: Words) => accepts(read.line, words, reader.card);
  return [
    { what: 'reader sha256', value: reader.sha256, unit: '' },
    ...ATTRIBUTES.map((one) =>
      share(`true clips: ${one} right`, truth, ({ line, words }) => isRight(line, words, one)),
    ),
    share(`true clips: all of ${READ_WELL.join(', ')} right`, truth, ({ line, words }) =>
      allRight(line, words, READ_WELL),
    ),
    share('true clips: accepted', truth, (read) => passes(read, read.words)),
    ...(['none', 'look', 'scene'] as const).map((novelty) =>
      share(
        `true clips of novelty ${novelty}: all of these right`,
        truth.filter((read) => read.truth.novelty === novelty),
        ({ line, words }) => allRight(line, words, READ_WELL),
      ),
    ),
    ...READ_WELL.map((one) =>
      share(`refused: other ${one}`, truth, (read) => !passes(read, otherwise(read, one, truth))),
    ),
    ...(['mush', 'patchwork', 'frozen'] as const).map((kind) =>
      share(`refused: ${kind}`, of(kind), (read) => !passes(read, read.words)),
    ),
  ];
}

function share(what: string, reads: readonly Read[], hit: (read: Read) => boolean) {
  return { what, unit: 'share', n: reads.length, ...wilson(reads.filter(hit).length, reads.length) };
}

/** All words that it reads well right, and as sharp, steady and moving as the card's limits ask. */
function accepts(line: CheckLine, words: Words, { limits }: CheckerCard): boolean {
  const { set, time, action, camera } = words;
  const { verdict } = usable(line, { set, time, action, camera }, limits, null);
  return verdict !== 'not usable' && allRight(line, words, READ_WELL);
}

/** The words of the clip with one of them another's, where another has another. */
function otherwise({ words }: Read, attribute: Attribute, reads: readonly Read[]): Words {
  const other = reads.find((read) => read.words[attribute] !== words[attribute]);
  return { ...words, [attribute]: other?.words[attribute] ?? 'something else' };
}

async function readAll(dir: string, reader: Awaited<ReturnType<typeof shippedReader>>, report: Report) {
  const text = readFileSync(join(dir, 'truth.jsonl'), 'utf8').trimEnd();
  const truths = new Map(text.split('\n').map((line) => [JSON.parse(line).id, JSON.parse(line) as TruthRow]));
  const bench = benchIn(dir, report, 'reader');
  const { lines } = await readTakes(bench, writeTakes(dir, shownOf(dir)), reader, null);
  return [...lines].map(([name, line]): Read => {
    const [kind, id] = name.split('-') as [Kind, string];
    const truth = truths.get(id) as TruthRow;
    return { kind, truth, words: shownIn(truth), line };
  });
}

function shownOf(dir: string): Shown[] {
  const lines = readLines(dir);
  const all = lines.map((line) => readPixels(dir, line));
  return lines.flatMap(({ id }, i) => {
    const pixels = all[i] as Buffer;
    return [
      { id: `truth-${id}`, pixels },
      { id: `mush-${id}`, pixels: mush(pixels) },
      { id: `patchwork-${id}`, pixels: patchwork(all, i) },
      { id: `frozen-${id}`, pixels: frozen(pixels) },
    ];
  });
}
