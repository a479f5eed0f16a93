import type { DuckDBConnection } from '@duckdb/node-api';
import { BacklotError } from '../contract/index.ts';
import { type Ask, type Asked, isAnswerable, readAsks } from './ask.ts';
import { outcomes, rules } from './rules.ts';
import type { SignatureList } from './schema.ts';
import { type TableName, tableColumns } from './signature-columns.ts';
import {
  addAside,
  decisionStatements,
  digestQuery,
  digestStatements,
  macros,
  ruleStatements,
  setAside,
  signatureStatements,
} from './signature-sql.ts';
import type { Tables } from './signature-tables.ts';
import { makesReplica } from './uses.ts';

/** Rows of one insert: a few megabytes of JSON. */
const BATCH = 20_000;

/**
 * An analytic database, never the workspace's. Loaded when it is asked for: it is 60 MB of native code, and no
 * other command needs it.
 * @param path a file for tables that are larger than memory; without it they are in memory
 */
export async function openSignatures(
  path = ':memory:',
  options: Record<string, string> = {},
): Promise<Signatures> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  // Nobody asks for the order of rows; keeping it would cost memory and time.
  const instance = await DuckDBInstance.create(path, { preserve_insertion_order: 'false', ...options });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, close };
}

export interface Signatures {
  connection: DuckDBConnection;
  close: () => void;
}

export async function createTables({ connection }: Signatures): Promise<void> {
  for (const [name, columns] of Object.entries(tableColumns)) {
    const list = Object.entries(columns).map(([column, type]) => `${column} ${sqlType(type)}`);
    await connection.run(`CREATE OR REPLACE TABLE ${name} (${list.join(', ')})`);
  }
  await createRules(connection);
}

const sqlType = (type: string | readonly string[]): string =>
  typeof type === 'string' ? type : `${type[0]}[]`;

/** The rule table, as SQL reads it: what outcome a rule asks for and which reason is named first. */
async function createRules(connection: DuckDBConnection): Promise<void> {
  const ranked = rules.map(({ rule, outcome }, rank) => ({
    rule,
    rank,
    outcome_rank: outcomes.indexOf(outcome),
  }));
  await connection.run('CREATE OR REPLACE TABLE rules (rule VARCHAR, rank INTEGER, outcome_rank INTEGER)');
  await insert(connection, 'rules', { rule: 'VARCHAR', rank: 'INTEGER', outcome_rank: 'INTEGER' }, ranked);
  const named = outcomes.map((outcome, outcome_rank) => ({ outcome, outcome_rank }));
  await connection.run('CREATE OR REPLACE TABLE outcomes (outcome VARCHAR, outcome_rank INTEGER)');
  await insert(connection, 'outcomes', { outcome: 'VARCHAR', outcome_rank: 'INTEGER' }, named);
}

export async function fillTables({ connection }: Signatures, tables: Tables): Promise<void> {
  for (const [name, rows] of Object.entries(tables)) {
    await insert(connection, name, tableColumns[name as TableName], rows);
  }
}

async function insert(connection: DuckDBConnection, table: string, shape: object, rows: readonly object[]) {
  const sql = `INSERT INTO ${table} BY NAME
    SELECT unnest(from_json($1::JSON, '${JSON.stringify([shape])}'), max_depth := 2)`;
  for (let i = 0; i < rows.length; i += BATCH) {
    await connection.run(sql, [JSON.stringify(rows.slice(i, i + BATCH))]);
  }
}

/**
 * Decides every shot of the tables; afterwards `decisions` and `signature_decisions` hold the answers.
 * @throws BacklotError `bad-input` for a moment or territory of which `decide` says that nobody can answer for it
 */
export async function decideTables({ connection }: Signatures, asked: Asked): Promise<void> {
  for (const [i, question] of readAsks(asked).entries()) {
    if (!isAnswerable(question)) throw unanswerable(question);
    if (i > 0) await runAll(connection, setAside);
    await ask(connection, question);
    await runAll(connection, [...macros, ...ruleStatements, ...(i > 0 ? addAside : [])]);
  }
  await runAll(connection, [...signatureStatements, ...decisionStatements]);
}

const unanswerable = ({ territory, asOf }: Ask): BacklotError =>
  new BacklotError('bad-input', {
    expected: 'an ISO 3166 code or "world", and a day or an instant with its zone',
    where: 'the territory and the moment that were asked for',
    found: `${territory} on ${asOf}`,
    remedy: 'Ask for a day such as 2026-05-01, or an instant such as 2026-05-01T12:00:00Z.',
  });

async function runAll(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await connection.run(statement);
}

async function ask(connection: DuckDBConnection, question: Ask): Promise<void> {
  const { coveredBy, includes, outputCoveredBy, outputIncludes, at, ...one } = question;
  const variables = {
    covered_by: list(coveredBy),
    includes: list(includes),
    output_covered_by: list(outputCoveredBy),
    output_includes: list(outputIncludes),
    territory: text(one.territory),
    model: text(one.model),
    trainer: text(one.trainer),
    output: text(one.output),
    performer: text(one.performer),
    at_start: `${at.start}::BIGINT`,
    at_end: `${at.end}::BIGINT`,
    makes_replica: String(makesReplica(one.use)),
    of_nobody: String(makesReplica(one.use) && one.performer === null),
  };
  for (const [name, value] of Object.entries(variables)) {
    await connection.run(`SET VARIABLE ${name} = ${value}`);
  }
}

const text = (value: string | null): string =>
  value === null ? 'NULL::VARCHAR' : `'${value.replaceAll("'", "''")}'`;

const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]::VARCHAR[]`;

/** Shots whose decisions are put in order at once: half a gigabyte. */
const ORDERED = 10_000_000;

/** The hash over all decisions of the tables. */
export async function digestOfTables({ connection }: Signatures): Promise<string> {
  const [count] = (await connection.runAndReadAll('SELECT count(*) FROM decisions')).getRows();
  const parts = Math.max(1, Math.ceil(Number(count?.[0]) / ORDERED));
  for (const statement of digestStatements(parts)) await connection.run(statement);
  const [row] = (await connection.runAndReadAll(digestQuery)).getRowObjectsJson();
  return String(row?.digest);
}

export type SignatureDecision = Omit<SignatureList['signatures'][number], 'minutes'> & { signature: number };

const signatureQuery = `
  WITH people AS (
    SELECT c.signature, list_sort(list(DISTINCT p.key)) AS people FROM signature_cast c
    JOIN appearances a ON a.no = c.appearance JOIN parties p ON p.no = a.party GROUP BY ALL
  ), things AS (
    SELECT c.signature, list_sort(list(DISTINCT m.key)) AS materials FROM signature_materials c
    JOIN materials m ON m.no = c.material GROUP BY ALL
  ), why AS (
    SELECT s.signature, list({'rule': r.rule, 'row': r.row} ORDER BY s.reason) AS reasons
    FROM signature_reasons s JOIN reasons r USING (reason) GROUP BY ALL)
  SELECT d.signature, t.key AS title, coalesce(people, []) AS people, coalesce(materials, []) AS materials,
    d.shots::INTEGER AS shots, d.example, outcome, coalesce(why.reasons, []) AS reasons, grants, obligations, assumptions
  FROM signature_decisions d JOIN signatures s USING (signature) LEFT JOIN titles t ON t.no = s.title
  LEFT JOIN people USING (signature) LEFT JOIN things USING (signature)
  LEFT JOIN why USING (signature)
  ORDER BY d.shots DESC, d.example`;

/** Decisions by signature, those with the most shots first. */
export async function readSignatures({ connection }: Signatures): Promise<SignatureDecision[]> {
  const rows = (await connection.runAndReadAll(signatureQuery)).getRowObjectsJson();
  return rows as unknown as SignatureDecision[];
}

/** The signature of each shot. */
export async function readDecided({ connection }: Signatures): Promise<Map<string, number>> {
  const found = await connection.runAndReadAll('SELECT shot, signature FROM decisions');
  return new Map(found.getRows().map(([shot, signature]) => [String(shot), Number(signature)]));
}
