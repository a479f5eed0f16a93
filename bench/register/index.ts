import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, type Report } from '../../src/contract/index.ts';
import { closeDb, openDb } from '../../src/db/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { importLedger } from '../../src/rights/index.ts';
import { proposeMapping } from '../../src/rights/mapping.ts';
import { importRegister } from '../../src/rights/register.ts';
import { testContext } from '../../test/support/context.ts';
import { ledgerFile, writeRegister } from './generate.ts';

/** Is a contract register of 200 MB recorded whole, or refused with every problem counted, and what does it take? */

const SEED = 6;
const FULL = 200_000_000;
const QUICK = 5_000_000;
/** One row in so many of the refused register has a mistake. */
const BAD = 1_000;

interface Row {
  what: string;
  value: number | string;
  unit: string;
  n?: number;
}

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const { context: plain, close } = await testContext({ report });
  const db = await openDb(join(plain.paths.root, 'db'));
  const context = { ...plain, db };
  try {
    await putInForce(context);
    const bytes = quick ? QUICK : FULL;
    const rows = [...(await refusedRows(context, bytes)), ...(await recordedRows(context, bytes))];
    return { bench: 'register', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    await closeDb(db);
    await close();
  }
}

async function putInForce(context: Context): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, ledgerFile());
  await importLedger(context, path);
}

async function refusedRows(context: Context, bytes: number): Promise<Row[]> {
  const { path, rows, bad } = await register(context, 'bad', bytes, BAD);
  const { result, ...took } = await measured(() =>
    importRegister(context, path, `${path}.yaml`).then(() => '', messageOf),
  );
  const counted = Number(/found (\d+) problems/.exec(result)?.[1]);
  return [
    { what: 'rows with mistakes', value: bad, unit: 'rows', n: rows },
    { what: 'problems counted in the refused register', value: counted, unit: '' },
    ...tookRows('refused', took),
  ];
}

async function recordedRows(context: Context, bytes: number): Promise<Row[]> {
  const { path, rows } = await register(context, 'good', bytes, 0);
  const { result, ...took } = await measured(() => importRegister(context, path, `${path}.yaml`));
  const again = await measured(() => importRegister(context, path, `${path}.yaml`));
  return [
    { what: 'size of the register', value: Math.round((await stat(path)).size / 1e6), unit: 'MB', n: rows },
    { what: 'rows recorded', value: result.changes.added, unit: 'rows' },
    ...tookRows('recorded', took),
    { what: 'rows recorded when it is imported again', value: again.result.changes.added, unit: 'rows' },
    ...tookRows('imported again', again),
  ];
}

/** Writes a register with a mapping that counts as confirmed. */
async function register(context: Context, name: string, bytes: number, bad: number) {
  const path = join(context.paths.root, `${name}.csv`);
  const counts = await writeRegister(path, bytes, SEED, bad);
  await proposeMapping(path, 'grants', `${path}.yaml`);
  const yaml = await readFile(`${path}.yaml`, 'utf8');
  await writeFile(`${path}.yaml`, yaml.replace('confirmed: false', 'confirmed: true'));
  return { path, ...counts };
}

interface Took {
  seconds: number;
  cpu: number;
  peak: number;
  rise: number;
}

/** Wall and CPU seconds, and memory of the whole process in MB: at most, and above what it was before. */
async function measured<T>(work: () => Promise<T>): Promise<Took & { result: T }> {
  await writeFile('/proc/self/clear_refs', '5');
  const [started, before, held] = [performance.now(), process.cpuUsage(), process.memoryUsage().rss / 1e6];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const peak = await peakMegabytes();
  return {
    result,
    seconds: (performance.now() - started) / 1000,
    cpu: (user + system) / 1e6,
    peak,
    rise: peak - held,
  };
}

async function peakMegabytes(): Promise<number> {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

const tookRows = (what: string, { seconds, cpu, peak, rise }: Took): Row[] => [
  { what, value: Math.round(seconds * 10) / 10, unit: 's' },
  { what: `${what}: processor`, value: Math.round(cpu * 10) / 10, unit: 'CPU s' },
  { what: `${what}: peak memory of the process`, value: Math.round(peak), unit: 'MB' },
  { what: `${what}: above what it held before`, value: Math.round(rise), unit: 'MB' },
];
