import { tableColumns } from '../../src/rights/signature-columns.ts';
import type { Signatures } from '../../src/rights/signature-store.ts';

/**
 * A made-up catalogue, written by the database itself: the same seed gives the same rows. Titles, people and the
 * cast within a title are Zipf-distributed (exponent 1): a few have most of the shots.
 */
export interface Size {
  shots: number;
  titles: number;
  parties: number;
  grants: number;
  restrictions: number;
}

/** Named parts for each title, and owners who share the titles among them. */
const CAST = 30;
export const OWNERS = 400;
/** A day in milliseconds and the first of January 2026, about which windows lie. */
const DAY = 86_400_000;
const NEW_YEAR = Date.UTC(2026, 0, 1);

const unit = (i: string, salt: number): string => `unit(${i}, ${salt})`;
const chance = (i: string, salt: number, part: number): string => `(${unit(i, salt)} < ${part})`;
const zipf = (n: number, i: string, salt: number): string =>
  `floor(power(${n}, ${unit(i, salt)}))::INTEGER - 1`;
const oneOf = (i: string, salt: number, values: readonly string[]): string =>
  `(CASE floor(${unit(i, salt)} * ${values.length})::INTEGER ${values.map((value, n) => `WHEN ${n} THEN ${value}`).join(' ')} END)`;

/** A moment of `part` of the rows, within two years of new year; null for the others. */
const moment = (i: string, salt: number, part: number, years: readonly [number, number]): string =>
  `CASE WHEN ${chance(i, salt, part)} THEN ${NEW_YEAR} + ${DAY} * floor(365 * (${years[0]} + ${unit(i, salt + 50)} * ${years[1] - years[0]}))::BIGINT END`;

const trained =
  "['index', 'eval', 'train.foundation', 'train.style', 'train.performer', 'condition', 'generate.final']";
const usesOf = (i: string): string =>
  oneOf(i, 1, [
    trained,
    trained,
    "['train.style', 'generate.temp']",
    "['train.foundation']",
    "['index', 'eval']",
  ]);

const scope = (i: string, uses: string): string => `
  ${uses} AS uses,
  ${oneOf(i, 2, ["['world']", "['world']", "['world']", "['DE', 'FR', 'GB']", "['US', 'CA']"])} AS territories,
  CASE WHEN ${chance(i, 3, 0.05)} THEN ['house-1'] END AS models,
  ${oneOf(i, 4, ["['in-house']", "['in-house']", "['in-house', 'vendor']", "['in-house', 'vendor', 'third-party']"])} AS trainers,
  CASE WHEN ${chance(i, 5, 0.05)} THEN ['final'] END AS outputs,
  ${moment(i, 6, 0.6, [-8, 1])} AS starts,
  ${moment(i, 7, 0.5, [-1, 6])} AS ends`;

const withdrawn = (i: string): string => `${moment(i, 8, 0.01, [-1, 1])} AS withdrawn`;

/** What the ledger holds, in the columns of the product's tables. */
function ledgerStatements({ titles, parties, grants, restrictions }: Size): string[] {
  const appearances = titles * CAST;
  const second = (title: string) => chance(title, 20, 0.1);
  const owner = (title: string) => `(${title} % ${OWNERS})`;
  const other = (title: string) => `(${OWNERS} + ${title} % ${OWNERS})`;
  const licence = `(i // ${titles} = 2 AND (i % ${titles}) % 3 = 0)`;
  const rows = (n: number) => `FROM range(${n}) r(i)`;
  return [
    `parties SELECT i AS no, 'p' || i AS key, 0 AS ledger, ${withdrawn('i')} ${rows(parties)}`,
    `titles SELECT i AS no, 't' || i AS key, 0 AS ledger, ${withdrawn('i')}, ${chance('i', 9, 0.97)} AS whole ${rows(titles)}`,
    `owners SELECT i AS title, ${owner('i')} AS party ${rows(titles)}
      UNION ALL SELECT i, ${other('i')} ${rows(titles)} WHERE ${second('i')}`,
    `grants SELECT i AS no, 'g' || i AS key,
      CASE WHEN i // ${titles} = 1 AND ${second(`(i % ${titles})`)} THEN ${other(`(i % ${titles})`)}
        ELSE ${owner(`(i % ${titles})`)} END AS grantor,
      ${scope('i', usesOf('i'))}, ${withdrawn('i')} ${rows(grants)}`,
    `grant_titles SELECT i AS no, i % ${titles} AS title ${rows(grants)} WHERE NOT ${licence}`,
    `licences SELECT i AS no, (i % ${titles}) * 2 AS material ${rows(grants)} WHERE ${licence}`,
    `restrictions SELECT i AS no, 'r' || i AS key, 0 AS ledger, i < 10 AS everywhere,
      ${scope('i', `CASE WHEN i < 10 THEN ['generate.ad'] ELSE ${oneOf('i', 1, ["['distil']", "['train.foundation']", "['train.style']", "['train.style', 'generate.ad']", 'NULL'])} END`)},
      ${chance('i', 11, 0.2)} AS approvable ${rows(restrictions)}`,
    `restriction_titles SELECT i AS no, ${zipf(titles, 'i', 12)} AS title ${rows(restrictions)} WHERE i >= 10`,
    `approvals SELECT i AS no, 'a' || i AS key, i AS restriction, ${scope('i', usesOf('i'))}, ${withdrawn('i')}
      ${rows(restrictions)} WHERE ${chance('i', 11, 0.1)}`,
    `approval_titles SELECT i AS no, ${zipf(titles, 'i', 12)} AS title ${rows(restrictions)} WHERE ${chance('i', 11, 0.1)}`,
    `obligations SELECT i AS no, 'o' || i AS key, 0 AS ledger, false AS everywhere, ${scope('i', usesOf('i'))},
      ${oneOf('i', 13, ["'notify'", "'consult'", "'pay'"])} AS kind,
      ${moment('i', 14, 0.5, [-1, 1])} AS due, ${moment('i', 15, 0.7, [-1, 0.5])} AS done ${rows(restrictions)}`,
    `obligation_titles SELECT i AS no, ${zipf(titles, 'i', 16)} AS title ${rows(restrictions)}`,
    `appearances SELECT i AS no, 'c' || i AS key, i // ${CAST} AS title, ${zipf(parties, 'i', 17)} AS party,
      ${chance('i', 18, 0.97)} AS confirmed ${rows(appearances)}`,
    `consents SELECT i AS no, 'k' || i AS key, 0 AS ledger, false AS everywhere, ${scope('i', usesOf('i'))},
      ${zipf(parties, 'i', 17)} AS party, ${chance('i', 19, 0.99)} AS given, ${withdrawn('i')},
      ${chance('i', 21, 0.5)} AS replica ${rows(appearances)} WHERE ${chance('i', 22, 0.9)}`,
    `consent_titles SELECT i AS no, i // ${CAST} AS title ${rows(appearances)} WHERE ${chance('i', 22, 0.9)}`,
    `listings SELECT i AS no, kind, 'l' || i AS key, i // 2 AS title, true AS whole, ${NEW_YEAR} AS starts, ${withdrawn('i')}
      FROM (SELECT i, ['cast', 'materials'][1 + i % 2] AS kind ${rows(titles * 2)}) WHERE ${chance('i', 24, 0.5)}`,
    `materials SELECT i AS no, 'm' || i AS key, i // 2 AS title, ${chance('i', 23, 0.8)} AS confirmed ${rows(titles * 2)}`,
  ];
}

/**
 * Shot n has n modulo 5 people in it, so that there are exactly twice as many appearances in shots as shots; of
 * every 500th nobody knows the title.
 */
function shotStatements({ shots, titles }: Size): string[] {
  const title = `CASE WHEN i % 500 = 0 THEN NULL ELSE ${zipf(titles, 'i', 31)} END`;
  return [
    `shots SELECT i::INTEGER AS shot, 0 AS ledger, ${title} AS title FROM range(${shots}) r(i)`,
    `seen SELECT shot, title * ${CAST} + (lead + 7 * j) % ${CAST} AS appearance FROM (
      SELECT shot, title, ${zipf(CAST, 'shot', 32)} AS lead, unnest(range(shot % 5)) AS j FROM shots)`,
    `present SELECT shot, title * 2 + shot % 2 AS material FROM shots WHERE title IS NOT NULL AND ${chance('shot', 33, 0.01)}`,
  ];
}

/** Writes the tables; `shot` is a number here and text in a workspace. */
export async function writeCatalogue({ connection }: Signatures, size: Size, seed: number): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE MACRO unit(i, salt) AS ((hash(i::BIGINT, salt, ${seed}) % 1000003)::DOUBLE / 1000003)`,
  );
  for (const statement of ledgerStatements(size))
    await connection.run(`INSERT INTO ${statement.replace(' ', ' BY NAME ')}`);
  for (const statement of shotStatements(size)) {
    const [name] = statement.split(' ');
    await connection.run(`CREATE OR REPLACE TABLE ${name} AS ${statement.slice((name ?? '').length)}`);
  }
}

/** The same rows in another order: those of shots, a part of them at a time, and every table of the ledger. */
export async function shuffleRows({ connection }: Signatures, size: Size): Promise<void> {
  const shots = ['seen', 'present', 'shots'];
  for (const table of Object.keys(tableColumns)) {
    const part = `hash(shot) % ${Math.ceil(size.shots / 1_000_000)}`;
    const order = shots.includes(table) ? `${part}, shot % 1009 DESC` : `hash(${table}::VARCHAR)`;
    await connection.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${table} ORDER BY ${order}`);
  }
}
