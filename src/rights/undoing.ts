import { and, asc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { asksLess, type Forbids, forbidsLess } from './forbids.ts';
import { spanOf } from './moments.ts';
import { isMoment, type Section, sections, shown } from './raw.ts';
import { toldOf, toldWords } from './register-problems.ts';
import type { Appearance, Ledger, Obligation } from './schema.ts';
import { concerns } from './scope.ts';
import { rowsInForce } from './store.ts';
import { successorsIn } from './successors.ts';

/** A withdrawal, a refusal, a ban or an obligation: what a row says, and goes on saying in every later ledger. */
interface Said {
  withdrawn?: string;
  answer?: 'refused';
  /** What a row in force forbids. */
  forbids?: Forbids;
  /** What a row in force asks for. */
  asks?: Obligation;
}

/** What rows say that forbid or ask for something, by `<section>/<key>`. */
export type Standing = ReadonlyMap<string, Said>;

const { section, key, content, seq } = tables.rightsRows;

const isRefused = and(eq(section, 'consents'), eq(sql`${content} ->> 'answer'`, 'refused'));

/** Refusals, restrictions and obligations. */
export const bound = or(isRefused, inArray(section, ['restrictions', 'obligations']));

/** The newest state of every row that was ever recorded as withdrawn, and every refusal, restriction and obligation in force. */
export async function standingRows(db: Pick<Db, 'select'>): Promise<Standing> {
  const since = sql<string>`${content} ->> 'withdrawn'`;
  const withdrawn = await db
    .select({ section, key, since })
    .from(tables.rightsRows)
    .where(isNotNull(since))
    .orderBy(asc(seq));
  const standing = new Map<string, Said>();
  for (const row of await rowsInForce(db, bound))
    standing.set(`${row.section}/${row.key}`, saidBy(row.section, row.content));
  for (const row of withdrawn) {
    const place = `${row.section}/${row.key}`;
    standing.set(place, { ...standing.get(place), withdrawn: row.since });
  }
  return standing;
}

function saidBy(of: string, row: unknown): Said {
  if (of === 'obligations') return { asks: row as Obligation };
  return { ...(of === 'consents' ? { answer: 'refused' } : {}), forbids: row as Forbids };
}

/** A row as far as what it forbids or asks for goes. */
interface Saying {
  id?: unknown;
  withdrawn?: unknown;
  answer?: unknown;
}

/** Rows that no longer say what they did, each with what is missing. */
export const undoneBy = (standing: Standing, of: Section, rows: readonly Saying[]): string[] =>
  rows.flatMap((row) => {
    const said = standing.get(`${of}/${row.id}`);
    return said === undefined ? [] : missingIn(said, row).map((words) => `${of}/${row.id}: ${words}`);
  });

/** A day that holds the recorded instant says the same, and an earlier one more. */
const isWithdrawnBy = (now: unknown, then: string): boolean =>
  now === then || (isMoment(now) && spanOf(now).start <= spanOf(then).start);

function missingIn({ withdrawn, answer, forbids, asks }: Said, row: Saying): string[] {
  if (withdrawn !== undefined && !isWithdrawnBy(row.withdrawn, withdrawn)) return [`withdrawn: ${withdrawn}`];
  if (answer !== undefined && answer !== row.answer) return [`answer: ${answer}`];
  if (asks !== undefined) return fieldsIn(asks, asksLess(asks, row as Obligation));
  return forbids === undefined ? [] : fieldsIn(forbids, forbidsLess(forbids, row as Forbids));
}

const fieldsIn = (row: object, fields: readonly string[]): string[] =>
  fields.map((field) => `${field}: ${shown(new Map(Object.entries(row)).get(field) ?? 'none')}`);

export const undoneIn = (standing: Standing, document: Ledger): string[] =>
  sections.flatMap((of) => undoneBy(standing, of, document[of]));

function wordsOf(row: string, { withdrawn, answer }: Said): string {
  if (withdrawn !== undefined) return `${row}: withdrawn: ${withdrawn}`;
  return `${row}: ${answer === undefined ? 'in force' : `answer: ${answer}`}`;
}

const kept: readonly Section[] = ['parties', 'titles', 'grants', 'restrictions', 'consents', 'obligations'];

/**
 * What a file leaves out of the ledger in force, though something is forbidden or asked for by it: rows that are withdrawn, refuse, forbid or ask for something, files of
 * withdrawn titles, and where those are seen who withdrew or refused. Rows that others in the file replace are in it, but for appearances: by
 * one of somebody else nobody would be asked any more.
 * @param stands the file without the rows that others in it replace
 */
export const leftOutOf = (file: Ledger, stands: Ledger, inForce: Ledger, standing: Standing): string[] => [
  ...rowsLeftOut(file, standing),
  ...filesLeftOut(file, inForce),
  ...placesLeftOut(file, stands, inForce),
];

function rowsLeftOut(file: Ledger, standing: Standing): string[] {
  const there = new Set(kept.flatMap((of) => file[of].map(({ id }) => `${of}/${id}`)));
  return [...standing].flatMap(([row, said]) =>
    there.has(row) || !kept.some((of) => row.startsWith(`${of}/`)) ? [] : [wordsOf(row, said)],
  );
}

/** Its files would else be those of another title, or of none. */
function filesLeftOut(file: Ledger, inForce: Ledger): string[] {
  const now = new Map(file.titles.map(({ id, files }) => [id, files]));
  return inForce.titles
    .filter(({ withdrawn }) => withdrawn !== undefined)
    .flatMap(({ id, files }) => {
      const gone = files.filter((name) => now.get(id)?.includes(name) === false);
      return gone.length === 0 ? [] : [`titles/${id}: files: ${gone.join(', ')}`];
    });
}

/** A shot in which nobody is seen any more needs nobody's consent. Where its film is another title's by now, who refused must refuse for that one. */
function placesLeftOut(file: Ledger, stands: Ledger, inForce: Ledger): string[] {
  const successors = successorsIn(file.titles);
  const confirmed = stands.appearances.filter(({ status }) => status === 'confirmed');
  const there = Map.groupBy(confirmed, (row) => placeOf(row));
  const [forbids, forbidsNow] = [whoForbids(inForce), whoForbids(stands)];
  const isThere = (row: Appearance): boolean =>
    [placeOf(row), placeOf(row, 'all')]
      .flatMap((place) => there.get(place) ?? [])
      .some(({ title }) => successors(row.title).includes(title) || forbidsNow({ ...row, title }));
  return inForce.appearances
    .filter((row) => row.status === 'confirmed' && forbids(row) && !isThere(row))
    .map(
      ({ id, party, title, file: name, shots }) =>
        `appearances/${id}: confirmed, of ${party} in ${title}, ${name}, shots ${JSON.stringify(shots)}`,
    );
}

const placeOf = ({ party, file, shots }: Appearance, as = shots): string =>
  JSON.stringify([party, file, as === 'all' ? as : as.map((range) => [range.in, range.out])]);

/** Whether the party withdrew, or withdrew or refused a consent for the title. */
function whoForbids({ parties, consents }: Ledger): (row: Appearance) => boolean {
  const gone = new Set(parties.flatMap(({ id, withdrawn }) => (withdrawn === undefined ? [] : [id])));
  const against = consents.filter((row) => row.answer === 'refused' || row.withdrawn !== undefined);
  const by = Map.groupBy(against, ({ party }) => party);
  return ({ party, title }) =>
    gone.has(party) || (by.get(party)?.some((row) => concerns(row, title)) ?? false);
}

/** @throws BacklotError `ledger-undoes-withdrawal` where there is one of either */
export function refuseUndone(undone: readonly string[], leftOut: readonly string[], where: string): void {
  const found = [...listed('rows without them', undone), ...listed('left out', leftOut)];
  if (found.length === 0) return;
  throw new BacklotError('ledger-undoes-withdrawal', {
    expected:
      'the withdrawals, refusals, bans and obligations that are recorded, each for all that it was, and where those are seen who withdrew or refused',
    where,
    found: found.join('\n'),
    remedy:
      'Keep these rows in the file, with these lines: `backlot rights row ROW` shows each as it was recorded. A permission given anew is a new row with an id of its own; a refusal, a ban or an obligation that has ended, or is for less, is kept and replaced by a new row about the same that names it in `supersedes`; one that is a mistake (of another party, `kind` or `to`) is kept, ended so (`until`), and a row of its own beside it says what is right; an appearance that is a mistake is taken back by `backlot rights correct`.',
    problems: [...undone, ...leftOut],
  });
}

const listed = (what: string, rows: readonly string[]): string[] =>
  rows.length === 0 ? [] : [`${what}:\n  ${toldWords(toldOf(rows)).join('\n  ')}`];
