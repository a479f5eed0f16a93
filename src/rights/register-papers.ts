import type { Db } from '../db/index.ts';
import { exclusiveProblems } from './exclusive-problems.ts';
import { type Problem, type Row, textOf } from './raw.ts';
import { type Around, grantsInForce } from './register-around.ts';
import { csvBlocks } from './register-csv.ts';
import type { RowReader } from './register-rows.ts';
import { rowsOf } from './register-store.ts';
import type { Mapping } from './schema.ts';

interface Papers {
  path: string;
  mapping: Mapping;
  around: Around;
  replace: boolean;
}

/**
 * Grants in force that contradict each other by the days on which a register says that papers were signed: what a seller permitted to one alone binds
 * who bought the title after that. The register is read again where something in force is permitted to one alone.
 * @returns in the words of the ledger in force; what contradicts already is not the register's
 */
export async function contradictedByPapers(db: Db, reader: RowReader, papers: Papers): Promise<string[]> {
  const { around, mapping } = papers;
  if (mapping.section !== 'agreements' || around.sole.size === 0) return [];
  const grants = await grantsInForce(db);
  const agreements = await papersAnew(db, reader, papers);
  const [before, now] = [around.document, { ...around.document, agreements }].map((document) =>
    exclusiveProblems({ ...document, grants }),
  );
  const known = new Set(before?.map((one) => JSON.stringify(one)));
  return (now ?? []).filter((one) => !known.has(JSON.stringify(one))).map((one) => wordsOf(one, grants));
}

/** Papers in force as they would stand. */
async function papersAnew(db: Db, reader: RowReader, { path, around, ...how }: Papers): Promise<Row[]> {
  const inForce = new Map(around.document.agreements?.map((row) => [row.id, row]));
  for await (const { records } of csvBlocks(path))
    for (const { row } of await rowsOf(db, reader, records, how))
      if (inForce.has(row.id)) inForce.set(row.id, row);
  return [...inForce.values()];
}

function wordsOf({ path: [, i], expected, found }: Problem, grants: readonly Row[]): string {
  const row = `grants/${textOf(grants[Number(i)]?.id)}`;
  return `the ledger in force, ${row}: expected ${expected}, found ${found}. Correct the day on which the paper is signed, or narrow or withdraw one of the two first.`;
}
