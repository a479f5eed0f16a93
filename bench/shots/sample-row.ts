import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { readTruth, renderStudio } from '../../src/sample/index.ts';
import { detectFile, type Transition } from '../../src/shots/index.ts';
import type { Row } from './rows.ts';
import {
  add,
  exactScore,
  f1,
  type GradualScore,
  median,
  overlapScore,
  round,
  type Score,
  wilson,
} from './score.ts';

/** Renders a sample studio, detects its films and compares with what was drawn. */
export async function sampleRows(seed: number, report: Report): Promise<Row[]> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-shots-'));
  try {
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      report({ phase: 'render', done, total, unit: 'frames' });
    const studio = await renderStudio({ dir, seed, size: 'tiny', onProgress });
    let sharp: Score = { wanted: 0, found: 0, hits: 0 };
    const soft: (GradualScore & { right: number })[] = [];
    for (const title of studio.titles) {
      const truth = (await readTruth(title.truth)).transitions;
      const { transitions } = await detectFile(title.file, { detector: 'fast', report });
      sharp = add(sharp, exactScore(sharpOf(truth), sharpOf(transitions)));
      soft.push(overlapScore(truth, transitions, 'dissolve'));
    }
    return rowsOf(sharp, soft, `seed ${seed}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const sharpOf = (transitions: readonly Transition[]) => transitions.filter(({ type }) => type !== 'dissolve');

function rowsOf(sharp: Score, soft: readonly (GradualScore & { right: number })[], note: string): Row[] {
  const sum = (read: (score: GradualScore & { right: number }) => number) =>
    soft.reduce((all, one) => all + read(one), 0);
  const [wanted, found, hits, right] = [
    sum((s) => s.wanted),
    sum((s) => s.found),
    sum((s) => s.hits),
    sum((s) => s.right),
  ];
  const errors = soft.flatMap(({ edgeErrors }) => edgeErrors);
  const where = `sample studio, ${note}`;
  return [
    {
      what: `${where}: F1 of cuts and fades within 1 frame`,
      value: round(f1(sharp)),
      unit: '',
      n: sharp.wanted,
    },
    {
      what: `${where}: dissolve recall`,
      value: round(hits / wanted),
      unit: '',
      n: wanted,
      ...wilson(hits, wanted),
    },
    {
      what: `${where}: dissolve precision`,
      value: round(right / found),
      unit: '',
      n: found,
      ...wilson(right, found),
    },
    {
      what: `${where}: median edge error of dissolves`,
      value: median(errors),
      unit: 'frames',
      n: errors.length,
    },
  ];
}
