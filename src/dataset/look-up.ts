import type { Context } from '../jobs/index.ts';
import { refreshIndex, refreshOutcomes } from './index-refresh.ts';
import { tokens } from './index-rows.ts';
import { type Index, indexPath, oneValued, rowsOf, withIndex } from './index-store.ts';
import type { SearchOutput, ShotField, ShotQuery } from './schema.ts';
import { learnStems, type Stems } from './stems.ts';

/** What every answer says of the index that it was read from. */
export type LookedIn = Pick<SearchOutput, 'indexed' | 'decided' | 'notices' | 'moreNotices'>;

/** Conditions of SQL on `shots s`, all of which must hold; what people wrote is a parameter. */
export interface Where {
  /** The shots, joined with each word that they must have. */
  from: string;
  sql: string;
  values: (string | number)[];
}

const noticesSaid = 20;

/**
 * Looks something up in an index that is up to date.
 * @param fields those that the answer is about: outcomes are read only where they are
 */
export function lookUp<T>(
  context: Context,
  query: ShotQuery,
  fields: readonly ShotField[],
  work: (index: Index, where: Where) => Promise<T>,
): Promise<T & LookedIn> {
  return withIndex(indexPath(context.paths), async (index) => {
    await refreshIndex(context, index);
    const ofRights = query.outcome !== undefined || fields.includes('outcome');
    const decided = ofRights ? await refreshOutcomes(context, index, query.use) : null;
    const answer = await work(index, await whereOf(context, index, query));
    return { ...answer, decided, ...(await standing(context, index, query)) };
  });
}

/** Of notices those of the titles that are asked about. */
async function standing(
  context: Context,
  index: Index,
  { title }: ShotQuery,
): Promise<Omit<LookedIn, 'decided'>> {
  const scope = await whereOf(context, index, { title });
  const about = asksNothing(scope)
    ? 'notices'
    : `(SELECT * FROM notices WHERE file IN (SELECT DISTINCT s.file FROM ${scope.from} WHERE ${scope.sql}))`;
  const [row] = await rowsOf(
    index,
    `SELECT (SELECT count(*) FROM shots) AS shots, (SELECT count(*) FROM ${about}) AS notices`,
    scope.values,
  );
  const said = await rowsOf(
    index,
    `SELECT message FROM ${about} ORDER BY file, message LIMIT ${noticesSaid}`,
    scope.values,
  );
  return {
    indexed: Number(row?.shots),
    notices: said.map(({ message }) => String(message)),
    moreNotices: Number(row?.notices) - said.length,
  };
}

/** The table of all shots, of which the totals are known. */
export const everyShot = 'shots';

/**
 * Finds the shots once and keeps of them what all that follows asks for.
 * @returns the table that holds them; that of all shots where nothing is asked
 */
export async function setAside(
  index: Index,
  name: string,
  { from, sql, values }: Where,
  columns: readonly string[],
): Promise<string> {
  if (asksNothing({ from, sql })) return everyShot;
  const kept = columns.map((column) => `s.${column}`).join(', ');
  await index.run(`CREATE OR REPLACE TEMP TABLE ${name} AS SELECT ${kept} FROM ${from} WHERE ${sql}`, values);
  return name;
}

/** Whether every shot matches. */
export const asksNothing = ({ from, sql }: Pick<Where, 'from' | 'sql'>): boolean =>
  from === allShots && sql === 'true';

/** A query as conditions. Text without a letter or a digit asks for a word that no shot has. */
export async function whereOf(
  { db }: Pick<Context, 'db'>,
  index: Index,
  query: Partial<ShotQuery>,
): Promise<Where> {
  const stems: Stems = new Map();
  await learnStems(
    db,
    stems,
    ['words', 'read', ...namesAsked, ...oneValued].flatMap((name) => tokens(textOf(query, name))),
  );
  const stemsOf = (name: string) => tokens(textOf(query, name)).map((word) => stems.get(word) ?? word);
  const given = (name: string) => textOf(query, name) !== '';
  const asked = [
    ...(given('words') ? orNone(stemsOf('words')) : []),
    ...(given('read') ? orNone(stemsOf('read')).map((word) => `read=${word}`) : []),
    ...namesAsked.filter(given).map((name) => `${name}=${stemsOf(name).join(' ')}`),
  ];
  const fields = oneValued
    .filter((name) => name !== 'outcome' && given(name))
    .map((field) => ({ field, words: orNone(stemsOf(field)) }));
  const from = await withWords(index, asked);
  return { from, ...conditionsOf(await valuesNamed(index, fields), query) };
}

/** Names are found whole or by one word. */
const namesAsked = ['character', 'credited'] as const;

const textOf = (query: Partial<ShotQuery>, name: string): string =>
  String(query[name as keyof ShotQuery] ?? '');

const orNone = (words: string[]): string[] => (words.length > 0 ? words : ['']);

const allShots = 'shots s';
/** The number of a word that no shot has. */
const unknown = -1;

/**
 * Shots by the numbers of words, each of which they must have. A join, as DuckDB makes one between dense numbers by
 * their places: a word that half of a million shots have costs a third of what it costs in `IN`.
 */
async function withWords(index: Index, words: readonly string[]): Promise<string> {
  if (words.length === 0) return allShots;
  const rows = await rowsOf(
    index,
    `SELECT no, word FROM vocabulary WHERE word IN (${questionMarks(words)})`,
    [...words],
  );
  const numbers = new Map(rows.map(({ no, word }) => [word, no]));
  const joins = words.map(
    (word, i) => ` JOIN words w${i} ON w${i}.shot = s.no AND w${i}.word = ${numbers.get(word) ?? unknown}`,
  );
  return allShots + joins.join('');
}

const questionMarks = (values: readonly string[]): string => values.map(() => '?').join(', ');

interface Named {
  field: ShotField;
  words: readonly string[];
}

/** Shots by the numbers of the values that have all the words. */
async function valuesNamed(index: Index, fields: readonly Named[]): Promise<string[]> {
  if (fields.length === 0) return [];
  const alike = fields
    .map(({ field, words }) => `(field = '${field}' AND list_has_all(words, [${questionMarks(words)}]))`)
    .join(' OR ');
  const rows = await rowsOf(
    index,
    `SELECT field, no FROM terms WHERE ${alike}`,
    fields.flatMap(({ words }) => words),
  );
  const numbers = Map.groupBy(rows, ({ field }) => String(field));
  return fields.map(({ field }) => {
    const values = numbers.get(field)?.map(({ no }) => no) ?? [];
    return values.length > 0 ? `s."${field}" IN (${values.join(', ')})` : 'false';
  });
}

/** Numbers of the index stand in the text, where DuckDB skips by them what it need not read. */
function conditionsOf(
  found: readonly string[],
  { minSeconds, maxSeconds, outcome }: Partial<ShotQuery>,
): Pick<Where, 'sql' | 'values'> {
  const conditions: [string, string | number | undefined][] = [
    ['s.seconds >= ?', minSeconds],
    ['s.seconds <= ?', maxSeconds],
    ["s.outcome = (SELECT no FROM terms WHERE field = 'outcome' AND shown = ?)", outcome],
  ];
  const holding = conditions.filter((one): one is [string, string | number] => one[1] !== undefined);
  return {
    sql: [...found, ...holding.map(([sql]) => sql)].join(' AND ') || 'true',
    values: holding.map(([, value]) => value),
  };
}
