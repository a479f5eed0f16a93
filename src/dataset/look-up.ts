import type { Context } from '../jobs/index.ts';
import { refreshIndex, refreshOutcomes } from './index-refresh.ts';
import { tokens } from './index-rows.ts';
import { type Index, indexPath, rowsOf, withIndex } from './index-store.ts';
import type { SearchOutput, ShotField, ShotQuery } from './schema.ts';
import { learnStems, type Stems } from './stems.ts';

/** What every answer says of the index that it was read from. */
export type LookedIn = Pick<SearchOutput, 'indexed' | 'decided' | 'notices' | 'moreNotices'>;

/** Conditions of SQL on `shots s`, all of which must hold; what people wrote is a parameter. */
export interface Where {
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
    const answer = await work(index, await whereOf(context, query));
    return { ...answer, decided, ...(await standing(index)) };
  });
}

async function standing(index: Index): Promise<Omit<LookedIn, 'decided'>> {
  const [row] = await rowsOf(
    index,
    `SELECT (SELECT count(*) FROM shots) AS shots, (SELECT count(*) FROM notices) AS notices`,
  );
  const said = await rowsOf(index, `SELECT message FROM notices ORDER BY file, message LIMIT ${noticesSaid}`);
  return {
    indexed: Number(row?.shots),
    notices: said.map(({ message }) => String(message)),
    moreNotices: Number(row?.notices) - said.length,
  };
}

/** A query as conditions. Text without a letter or a digit asks for a word that no shot has. */
export async function whereOf({ db }: Pick<Context, 'db'>, query: ShotQuery): Promise<Where> {
  const stems: Stems = new Map();
  const asked = ['words', 'character', ...wordFields].flatMap((name) => tokens(textOf(query, name)));
  await learnStems(db, stems, asked);
  const stemsOf = (name: string) => tokens(textOf(query, name)).map((word) => stems.get(word) ?? word);
  const given = (name: string) => textOf(query, name) !== '';
  const wanted = [
    ...(given('words') ? orNone(stemsOf('words')) : []),
    ...(given('character') ? [`character=${stemsOf('character').join(' ')}`] : []),
    ...wordFields.filter(given).flatMap((name) => orNone(stemsOf(name).map((word) => `${name}=${word}`))),
  ];
  const { minSeconds, maxSeconds, outcome } = query;
  const conditions: [string, string | number | undefined][] = [
    ...wanted.map((word): [string, string] => ['s.no IN (SELECT shot FROM words WHERE word = ?)', word]),
    ['s.seconds >= ?', minSeconds],
    ['s.seconds <= ?', maxSeconds],
    ["s.outcome = (SELECT no FROM terms WHERE field = 'outcome' AND shown = ?)", outcome],
  ];
  const holding = conditions.filter((one): one is [string, string | number] => one[1] !== undefined);
  return {
    sql: holding.map(([sql]) => sql).join(' AND ') || 'true',
    values: holding.map(([, value]) => value),
  };
}

const wordFields = ['title', 'set', 'action', 'camera', 'time', 'light', 'source'] as const;

const textOf = (query: ShotQuery, name: string): string => String(query[name as keyof ShotQuery] ?? '');

const orNone = (words: string[]): string[] => (words.length > 0 ? words : ['']);
