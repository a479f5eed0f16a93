import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckLine, DatasetInput, Report } from '../../src/contract/index.ts';
import type { Expect } from '../../src/generate/index.ts';
import { fileHash, localEngine } from '../../src/jobs/index.ts';
import { readTakes, usable, wilson } from '../../src/review/index.ts';
import { sealRendered } from '../../src/trust/index.ts';
import { checkerRow, theChecker } from '../takes.ts';
import { readTruth, renderCheckerClips, type TruthRow } from './clips.ts';
import { frozen, mush, patchwork, readLines, readPixels, type Shown, writeTakes } from './takes.ts';

/** Clips that the checker never saw: another seed than the one it learned from. */
const SEED = 911;

interface Read {
  truth: TruthRow;
  kind: Kind;
  reading: CheckLine;
}

type Kind = 'truth' | 'mush' | 'patchwork' | 'frozen' | 'training';

/** How often the checker is right on true clips, and refuses clips that are wrong on purpose. */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const dir = mkdtempSync(join(tmpdir(), 'backlot-bench-checker-'));
  try {
    await renderCheckerClips(
      dir,
      { clipsPerTitle: quick ? 12 : 60, worlds: 0, seed: SEED, heldout: 0.5 },
      report,
    );
    const rows = await rowsOf(dir, report);
    return { bench: 'checker', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function rowsOf(dir: string, report: Report) {
  const checker = await theChecker();
  const truths = [...readTruth(dir).values()];
  const { reads, copyLimit } = await readAll(dir, truths, checker, report);
  const judged = (read: Read, expect: Expect) => usable(read.reading, expect, checker.card.limits, copyLimit);
  const passes = (read: Read, expect: Expect) => judged(read, expect).verdict === 'usable';
  const readRight = (read: Read) => !judged(read, expectOf(read.truth)).reasons.some(isAttribute);
  const of = (kind: Kind) => reads.filter((read) => read.kind === kind);
  const share = (what: string, hits: boolean[]) => {
    const { value, low, high } = wilson(hits.filter(Boolean).length, hits.length);
    return { what, value, unit: 'share', low, high, n: hits.length };
  };
  return [
    checkerRow(checker.sha256),
    share('true clips of which every attribute is read right', of('truth').map(readRight)),
    share(
      'true clips called usable',
      of('truth').map((read) => passes(read, expectOf(read.truth))),
    ),
    ...WRONG.map(({ what, change }) =>
      share(
        `refused: ${what}`,
        of('truth').map((read) => !passes(read, change(expectOf(read.truth), read, truths))),
      ),
    ),
    ...(['mush', 'patchwork', 'frozen', 'training'] as const).map((kind) =>
      share(
        `refused: ${kind}`,
        of(kind).map((read) => !passes(read, expectOf(read.truth))),
      ),
    ),
  ];
}

const expectOf = ({ characters, set, action, camera, time }: TruthRow): Expect => ({
  characters: characters.map(({ name }) => name),
  set,
  action,
  camera,
  time,
});

const isAttribute = (reason: string): boolean =>
  /^(characters|set|action|camera|time|all of it):/.test(reason);

type Change = (expect: Expect, read: Read, truths: readonly TruthRow[]) => Expect;

/** The expectation with one attribute that the clip does not show, as another clip of the same title has it. */
const other =
  (name: 'set' | 'action' | 'camera' | 'time'): Change =>
  (expect, { truth }, truths) => {
    const found = truths.find((row) => row.title === truth.title && row[name] !== truth[name]);
    return { ...expect, [name]: found?.[name] ?? 'something else' };
  };

const otherCharacter: Change = (expect, { truth }, truths) => {
  const names = (row: TruthRow) => row.characters.map(({ name }) => name).join();
  const found = truths.find((row) => row.title === truth.title && names(row) !== names(truth));
  return { ...expect, characters: found?.characters.map(({ name }) => name) ?? ['nobody'] };
};

const WRONG: readonly { what: string; change: Change }[] = [
  { what: 'other character', change: otherCharacter },
  { what: 'other set', change: other('set') },
  { what: 'other action', change: other('action') },
  { what: 'other camera', change: other('camera') },
  { what: 'other time', change: other('time') },
];

/** Puts held-out clips, and what was made of them, before the checker in one run. */
async function readAll(dir: string, truths: readonly TruthRow[], checker: Checker, report: Report) {
  const byId = new Map(truths.map((row) => [row.id, row]));
  const training: DatasetInput = { path: dir, digest: await fileHash(join(dir, 'manifest.jsonl')) };
  await sealRendered(training);
  const bench = { engine: localEngine(join(dir, 'runs')), report, signal: new AbortController().signal };
  const { lines, copyLimit } = await readTakes(bench, writeTakes(dir, shownOf(dir)), checker, training);
  const reads = [...lines].map(([name, reading]): Read => {
    const [kind = 'truth', id = ''] = name.split('-');
    return { kind: kind as Kind, reading, truth: byId.get(id) as TruthRow };
  });
  return { reads, copyLimit };
}

type Checker = Parameters<typeof readTakes>[2];

function shownOf(dir: string): Shown[] {
  const lines = readLines(dir);
  const held = lines.filter(({ split }) => split === 'heldout').map((line) => readPixels(dir, line));
  return lines.flatMap((line, i) => {
    const pixels = readPixels(dir, line);
    if (line.split === 'train') return [{ id: `training-${line.id}`, pixels }];
    return [
      { id: `truth-${line.id}`, pixels },
      { id: `mush-${line.id}`, pixels: mush(pixels) },
      { id: `patchwork-${line.id}`, pixels: patchwork(held, i) },
      { id: `frozen-${line.id}`, pixels: frozen(pixels) },
    ];
  });
}
