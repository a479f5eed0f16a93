import { join } from 'node:path';
import { addFiles, type CatalogFile, listFiles } from '../../src/catalog/index.ts';
import { openDb } from '../../src/db/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { runFfmpeg } from '../../src/media/index.ts';
import { readAndKeep } from '../../src/shots/detect-shots.ts';
import { testContext } from '../../test/support/context.ts';
import { cpuOf } from './cpu.ts';
import { inOwnProcess } from './own-process.ts';
import type { Row } from './rows.ts';
import { median, round } from './score.ts';

/** Decoding and both passes take turns: what else the machine does meanwhile weighs on all three alike. */
const turns = 5;
const detectors = ['fast', 'exact'] as const;

/**
 * What the pass costs that fills a workspace: boundaries, measures, bars, sharpness and a small picture of each shot, over decoding
 * alone. To start Node and to open a database is counted in the memory, in a process of its own, not in the processor's time. The
 * database lies in a folder, as a workspace's does: one in memory is compiled well beside the pass, which counted it.
 */
export async function workspaceRows(film: string, note: string, dir: string): Promise<Row[]> {
  const { context, close } = await testContext({ db: await openDb(join(dir, 'database')) });
  try {
    await addFiles(context, { paths: [film] });
    const [file] = (await listFiles(context.db)) as [CatalogFile];
    const taken: Turn[] = [];
    for (let i = 0; i < turns; i++) taken.push(await turn(context, file));
    return [...detectors.map((name) => over(name, taken, note)), ...(await memoryRows(film, note, dir))];
  } finally {
    await close();
  }
}

type Turn = Record<'bare' | (typeof detectors)[number], number>;

async function turn(context: Context, file: CatalogFile): Promise<Turn> {
  const args = [
    '-v',
    'error',
    '-threads',
    '2',
    '-i',
    `file:${file.path}`,
    '-map',
    '0:V:0',
    '-f',
    'null',
    '-',
  ];
  const bare = await cpuOf(() => runFfmpeg(args));
  const passOf = (detector: 'fast' | 'exact') =>
    cpuOf(() => readAndKeep(context, file, { detector, by: 'bench' }));
  return { bare, fast: await passOf('fast'), exact: await passOf('exact') };
}

function over(name: (typeof detectors)[number], taken: readonly Turn[], note: string): Row {
  const ratios = taken.map((one) => one[name] / one.bare);
  const [low, high] = [round(Math.min(...ratios)), round(Math.max(...ratios))];
  const what = `${note}, in a workspace: CPU of ${name} over bare decoding`;
  return { what, value: round(median(ratios)), unit: 'x', low, high, n: turns };
}

async function memoryRows(film: string, note: string, dir: string): Promise<Row[]> {
  const workspace = ['--workspace', join(dir, 'workspace')];
  await inOwnProcess(['catalog', 'add', film, ...workspace]);
  const { own, all } = await inOwnProcess(['shots', 'detect', ...workspace]);
  const what = `${note}: peak memory of \`shots detect\` in a workspace`;
  return [
    { what, value: own, unit: 'MB' },
    { what: `${what}, with the ffmpeg that it runs`, value: all, unit: 'MB' },
  ];
}
