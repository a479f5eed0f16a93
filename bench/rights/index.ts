import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import type { Asked } from '../../src/rights/ask.ts';
import {
  createTables,
  decideTables,
  digestOfTables,
  openSignatures,
  type Signatures,
} from '../../src/rights/signature-store.ts';
import { agreementRows } from './agreement.ts';
import { type Size, shuffleRows, writeCatalogue } from './catalogue.ts';
import { explainRows } from './explain.ts';
import { firstRows } from './first-rows.ts';
import { differingShots } from './slices.ts';

/** Are the rights of a large catalogue decided in time, with reasons, and by SQL as by TypeScript? */

export interface Row {
  what: string;
  value: number | string | null;
  unit: string;
  n?: number;
  peer?: string;
}

const SEED = 6;
export const full: Size = {
  shots: 30_000_000,
  titles: 20_000,
  parties: 100_000,
  grants: 60_000,
  restrictions: 5_000,
};
const small: Size = { shots: 300_000, titles: 2_000, parties: 10_000, grants: 6_000, restrictions: 500 };

/** What DuckDB may hold; beyond it writes to disk. The rest of the six gigabytes is for Node and its results. */
const MEMORY = '4500MB';
const asked: Asked = { use: 'train.style', territory: 'world', asOf: '2026-05-01', model: 'house-1' };

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = performance.now();
  const size = quick ? small : full;
  const rows = [
    ...(await catalogueRows(size, report)),
    ...(await agreementRows(quick ? 2_000 : 100_000, report)),
    ...(await explainRows(size, quick ? 20_000 : 1_000_000, report)),
    ...(await firstRows(size, quick ? 20_000 : 1_000_000, report)),
  ];
  return { bench: 'rights', seed: SEED, rows, seconds: (performance.now() - started) / 1000 };
}

export async function catalogueRows(size: Size, report: Report): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-bench-rights-'));
  const db = await openSignatures(join(folder, 'catalogue.duckdb'), {
    ...{ threads: '2', memory_limit: MEMORY, temp_directory: join(folder, 'spill') },
  });
  const tell = (phase: string) => report({ phase, done: 0, total: 1, unit: 'catalogue' });
  try {
    tell('writing the catalogue');
    await createTables(db);
    await writeCatalogue(db, size, SEED);
    await db.connection.run('CHECKPOINT');
    return [...(await sizeRows(db)), ...(await decisionRows(db, size, folder, tell))];
  } finally {
    db.close();
    await rm(folder, { recursive: true });
  }
}

async function sizeRows(db: Signatures): Promise<Row[]> {
  const tables = ['shots', 'seen', 'grants', 'restrictions', 'consents'];
  const counts = await Promise.all(tables.map((table) => firstValue(db, `SELECT count(*) FROM ${table}`)));
  return tables.map((table, i) => ({ what: `rows of ${table}`, value: Number(counts[i]), unit: '' }));
}

async function decisionRows(
  db: Signatures,
  size: Size,
  folder: string,
  tell: (phase: string) => void,
): Promise<Row[]> {
  tell('deciding');
  await resetPeak();
  const decided = await measured(() => decideTables(db, asked));
  const digest = await measured(() => digestOfTables(db));
  const peak = await peakGigabytes();
  const written = await measured(() => writeDecisions(db, join(folder, 'decisions.parquet')));
  const first = digest.result;
  tell('comparing with TypeScript');
  const differing = await differingShots(db, asked, 10_000);
  const outcomes = await outcomeRows(db);
  tell('deciding again');
  await decideTables(db, asked);
  const again = await digestOfTables(db);
  tell('shuffling');
  await shuffleRows(db, size);
  await decideTables(db, asked);
  const shuffled = await digestOfTables(db);
  return [
    ...timeRows('decided, with every reason', decided),
    ...timeRows('digest over all decisions', digest),
    { what: 'peak memory of deciding and digest', value: peak, unit: 'GB (whole process)' },
    ...timeRows('written with outcome, rule and row as Parquet', written),
    { what: 'Parquet', value: Math.round(written.result / 1e6), unit: 'MB' },
    ...outcomes,
    { what: 'random shots on which TypeScript differs', value: differing.length, unit: '', n: 10_000 },
    ...differing.slice(0, 3).map((what) => ({ what, value: 'DIFFERS', unit: '' })),
    { what: 'digest on repeat', value: again === first ? 'identical' : 'DIFFERS', unit: '' },
    {
      what: 'digest with shuffled rows of shots and ledger',
      value: shuffled === first ? 'identical' : 'DIFFERS',
      unit: '',
    },
    { what: 'digest', value: first, unit: '' },
  ];
}

async function outcomeRows(db: Signatures): Promise<Row[]> {
  const found = await db.connection.runAndReadAll(
    'SELECT outcome, sum(shots)::BIGINT, count(*) FROM signature_decisions GROUP BY outcome ORDER BY outcome',
  );
  const rows = found.getRows().map(([outcome, shots, n]) => ({
    what: String(outcome),
    value: Number(shots),
    unit: 'shots',
    n: Number(n),
  }));
  const signatures = rows.reduce((sum, { n }) => sum + n, 0);
  return [{ what: 'distinct signatures', value: signatures, unit: '' }, ...rows];
}

async function writeDecisions({ connection }: Signatures, path: string): Promise<number> {
  await connection.run(`COPY (SELECT shot, outcome, r.rule, r.row FROM decisions JOIN signature_decisions d USING (signature)
    LEFT JOIN reasons r ON r.reason = d.reasons[1]) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  return (await stat(path)).size;
}

const firstValue = async ({ connection }: Signatures, sql: string): Promise<unknown> =>
  (await connection.runAndReadAll(sql)).getRows()[0]?.[0];

interface Measured<T> {
  result: T;
  seconds: number;
  cpu: number;
  /** CPU seconds of the thread that worked most: two cores without other work can be no faster. */
  busiest: number;
}

/** Wall and CPU seconds; DuckDB works in threads of this process. */
async function measured<T>(work: () => Promise<T>): Promise<Measured<T>> {
  const [started, before, threads] = [performance.now(), process.cpuUsage(), await threadSeconds()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const worked = [...(await threadSeconds())].map(([id, spent]) => spent - (threads.get(id) ?? 0));
  return {
    ...{ result, seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 },
    busiest: Math.max(...worked),
  };
}

/** CPU seconds of each thread of this process, by its id; Linux counts them. */
async function threadSeconds(): Promise<Map<string, number>> {
  const ids = await readdir('/proc/self/task');
  const counts = await Promise.all(ids.map((id) => readFile(`/proc/self/task/${id}/schedstat`, 'utf8')));
  return new Map(ids.map((id, i) => [id, Number(counts[i]?.split(' ')[0]) / 1e9]));
}

const timeRows = (what: string, { seconds, cpu, busiest }: Measured<unknown>): Row[] => [
  { what, value: round(seconds), unit: 's' },
  { what: `${what}: processor`, value: round(cpu), unit: 'CPU s' },
  { what: `${what}: busiest thread`, value: round(busiest), unit: 'CPU s' },
];

const round = (value: number): number => Math.round(value * 10) / 10;

/** Linux forgets the peak of a process when 5 is written here. */
const resetPeak = (): Promise<void> => writeFile('/proc/self/clear_refs', '5');

async function peakGigabytes(): Promise<number> {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1e4) / 100;
}
