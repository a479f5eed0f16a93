import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { idAfter, importedOf } from './import.ts';
import { idleLiftWords } from './lifts-store.ts';
import { readMapping } from './mapping.ts';
import { permittedBeforeWords } from './permitted-before.ts';
import { type Row, sections, textOf } from './raw.ts';
import { aroundRegister } from './register-around.ts';
import { type Checked, checkRegister } from './register-check.ts';
import { csvBlocks, type Hears } from './register-csv.ts';
import { rowReader } from './register-rows.ts';
import { countInForce, recordReplaced, recordRows, retireRows, rowsOf } from './register-store.ts';
import { goesOnAfter } from './said-for-others.ts';
import type { ChangedRow, Imported, Mapping } from './schema.ts';
import { type Changes, newestRecording, type Recording, recordAfter, type Writer } from './store.ts';
import { standingAmong } from './undoing.ts';

/**
 * Adds the rows of a contract register to the ledger in force. All of them or none. The file is read twice, once to look for problems and once to record its rows, and once more where it permits something to one
 * alone; it is never held whole.
 * @param replace whether rows take the place of those of the same id in force; what the register has no column for stays.
 *   Without it a row that would change one is a problem of the register
 * @throws BacklotError `ledger-unreadable`, `mapping-invalid`, `register-invalid` (the first problems with row and
 *   column, and the number of all), `ledger-undoes-withdrawal`, `register-changed`, `ledger-changed`
 */
export async function importRegister(
  context: Context,
  path: string,
  mappingPath: string,
  replace = false,
): Promise<Imported> {
  const mapping = await readMapping(mappingPath);
  const { db, who } = context;
  const current = await newestRecording(db);
  const around = await aroundRegister(db, mapping.section);
  const standing = await standingAmong(db, mapping.section);
  const register = { path, mapping, around, standing, replace };
  const checked = await checkRegister(db, register, await counting(context, path, 'checking the register'));
  const { sha256, changed } = checked;
  const recording = { id: idAfter(current, sha256), sha256, source: path, recordedBy: who };
  const act = { what: 'rights.register', subject: path, details: replace ? replacing(changed) : {} };
  const hears = await counting(context, path, 'recording the register');
  const [changes, rows] = await recordAfter(db, recording, current?.id ?? null, act, async (tx) => [
    await recordRegister(tx, recording, register, checked, hears),
    await countInForce(tx),
  ]);
  const told = { changes, changed, leftOut: checked.leftOut };
  const warnings = [
    ...(await goesOnAfter(db, changed)),
    ...(await permittedBeforeWords(db, recording.id)),
    ...(mapping.section === 'consents' ? await idleLiftWords(db) : []),
  ];
  return importedOf(recording, { ...noRows, ...rows }, told, false, warnings);
}

/** Rows that the audit log names; the ledger that was recorded has all. */
const NAMED = 100;

const replacing = (changed: readonly ChangedRow[]) => ({
  replace: true,
  replaced: changed.slice(0, NAMED).map(({ row }) => row),
});

const noRows = Object.fromEntries(sections.map((section) => [section, 0]));

/** Tells how much of a file has been read. */
async function counting({ report }: Context, path: string, phase: string): Promise<Hears> {
  const total = await stat(path).then(
    ({ size }) => size / 1e6,
    () => 0,
  );
  let done = 0;
  report({ phase, done, total, unit: 'MB' });
  return (part) => {
    done += part.length / 1e6;
    report({ phase, done, total, unit: 'MB' });
  };
}

interface Source {
  path: string;
  mapping: Mapping;
  replace: boolean;
}

async function recordRegister(
  tx: Writer,
  recording: Recording,
  { path, mapping, replace }: Source,
  { sha256, replaced }: Checked,
  hears: Hears,
): Promise<Changes> {
  const hash = createHash('sha256');
  const changes = { added: 0, changed: 0, removed: 0 };
  const { section } = mapping;
  const stands = (row: Row) => !replaced.has(textOf(row.id) ?? '');
  const hashes = (part: Buffer) => {
    hash.update(part);
    hears(part);
  };
  for await (const { columns, records } of csvBlocks(path, hashes)) {
    const read = await rowsOf(tx, rowReader(mapping, columns), records, { mapping, replace });
    const rows = read.map(({ row }) => row);
    await recordReplaced(
      tx,
      recording,
      mapping,
      rows.filter((row) => !stands(row)),
    );
    const { added, changed } = await recordRows(tx, recording, section, rows.filter(stands));
    changes.added += added;
    changes.changed += changed;
  }
  if (hash.update(JSON.stringify(mapping)).digest('hex') !== sha256) throw registerChanged(path);
  changes.removed = await retireRows(tx, recording, section, [...replaced]);
  return changes;
}

const registerChanged = (where: string): BacklotError =>
  new BacklotError('register-changed', {
    expected: 'the register as it was looked through',
    where,
    found: 'other bytes',
    remedy: 'Let nobody write into it meanwhile and import it again: nothing of it was imported.',
  });
