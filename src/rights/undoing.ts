import { and, asc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { replacedIn } from './changes.ts';
import { asksLess, type Forbids, forbidsLess, keepsLess } from './forbids.ts';
import { lastContents, stood } from './last-said.ts';
import { spanOf } from './moments.ts';
import { isMoment, type Row, type Section, sections, shown, textOf } from './raw.ts';
import { toldOf, toldWords } from './register-problems.ts';
import type { Grant, Ledger, LedgerTitle, Obligation, Policy } from './schema.ts';
import { type Beside, seenLeftOut } from './seen-left-out.ts';
import { spotsIn } from './seen-places.ts';
import { rowsInForce, type Version } from './store.ts';
import { successorsIn } from './successors.ts';

/** A withdrawal, a refusal, a ban or an obligation: what a row says, and goes on saying in every later ledger. */
interface Said {
  withdrawn?: string;
  answer?: 'refused';
  /** The day of a refusal: a consent given after it may lift it. */
  since?: string;
  /** What a row in force forbids. */
  forbids?: Forbids;
  /** What a row in force asks for. */
  asks?: Obligation;
  /** What a grant in force permits to somebody else alone. */
  keeps?: Grant;
}

/** What rows say that forbid or ask for something, by `<section>/<key>`. */
export type Standing = ReadonlyMap<string, Said>;

const { section, key, content, seq } = tables.rightsRows;

const isRefused = and(eq(section, 'consents'), eq(sql`${content} ->> 'answer'`, 'refused'));

/** Refusals, restrictions and obligations. */
export const bound = or(isRefused, inArray(section, ['restrictions', 'obligations']));

const isSole = and(eq(section, 'grants'), eq(sql`${content} ->> 'exclusive'`, 'true'));
const isHouse = and(eq(section, 'policies'), isNotNull(sql`${content} ->> 'house'`));

/** Refusals, bans and obligations in force, and what is permitted to somebody else than the house alone. */
async function standingNow(db: Pick<Db, 'select'>): Promise<Version[]> {
  const houses = await housesNow(db);
  const rows = await rowsInForce(db, or(bound, isSole));
  return rows.filter((row) => row.section !== 'grants' || !isOurs(row.content as Grant, houses));
}

const housesNow = async (db: Pick<Db, 'select'>): Promise<string[]> =>
  (await rowsInForce(db, isHouse)).flatMap(({ content: said }) => (said as Policy).house ?? []);

const isOurs = ({ grantee }: Pick<Grant, 'grantee'>, houses: readonly string[]): boolean =>
  grantee === undefined || houses.includes(grantee);

/** Rows that were ever in force as withdrawn, each with the last of it, as `<section>/<key>`. */
async function everWithdrawn(db: Pick<Db, 'select'>, of?: Section): Promise<Map<string, string>> {
  const since = sql<string>`${content} ->> 'withdrawn'`;
  const rows = await db
    .select({ section, key, since })
    .from(tables.rightsRows)
    .where(and(isNotNull(since), stood, of && eq(section, of)))
    .orderBy(asc(seq));
  return new Map(rows.map((row) => [`${row.section}/${row.key}`, row.since]));
}

/** The newest state of every row that was ever in force as withdrawn, and every refusal, restriction, obligation and grant to somebody else alone in force. */
export async function standingRows(db: Pick<Db, 'select'>): Promise<Standing> {
  const standing = new Map<string, Said>();
  for (const row of await standingNow(db))
    standing.set(`${row.section}/${row.key}`, saidBy(row.section, row.content));
  return withWithdrawn(standing, await everWithdrawn(db));
}

function withWithdrawn(standing: Map<string, Said>, withdrawn: ReadonlyMap<string, string>): Standing {
  for (const [place, since] of withdrawn) standing.set(place, { ...standing.get(place), withdrawn: since });
  return standing;
}

/** What rows of a section say that forbid or ask for something, by those of them that are in force: a register is compared with a part of the ledger at a time. */
export type StandingAmong = (inForce: ReadonlyMap<string, object>, keys: Iterable<string>) => Standing;

export async function standingAmong(db: Pick<Db, 'select'>, of: Section): Promise<StandingAmong> {
  const [houses, withdrawn] = [await housesNow(db), await everWithdrawn(db, of)];
  const isStanding = (row: Saying) =>
    of === 'restrictions' ||
    of === 'obligations' ||
    (of === 'consents' && row.answer === 'refused') ||
    (of === 'grants' && row.exclusive === true && !isOurs(row as Grant, houses));
  return (inForce, keys) => {
    const standing = new Map<string, Said>();
    for (const one of keys) {
      const [place, row] = [`${of}/${one}`, inForce.get(one)];
      const since = withdrawn.get(place);
      const said = {
        ...(row && isStanding(row) ? saidBy(of, row) : {}),
        ...(since === undefined ? {} : { withdrawn: since }),
      };
      if (Object.keys(said).length > 0) standing.set(place, said);
    }
    return standing;
  };
}

function saidBy(of: string, row: unknown): Said {
  if (of === 'grants') return { keeps: row as Grant };
  if (of === 'obligations') return { asks: row as Obligation };
  if (of !== 'consents') return { forbids: row as Forbids };
  const { on } = row as Saying;
  return { answer: 'refused', forbids: row as Forbids, ...(isMoment(on) ? { since: on } : {}) };
}

/** What a row says that forbids or asks for something, or keeps it for somebody else alone. */
export function saysOf(of: Section, row: Row): Said {
  const withdrawn = textOf(row.withdrawn);
  const isBound =
    of === 'restrictions' ||
    of === 'obligations' ||
    (of === 'consents' && row.answer === 'refused') ||
    (of === 'grants' && row.exclusive === true && row.grantee !== undefined);
  return { ...(isBound ? saidBy(of, row) : {}), ...(withdrawn === undefined ? {} : { withdrawn }) };
}

/** A row as far as what it forbids or asks for goes. */
interface Saying {
  id?: unknown;
  withdrawn?: unknown;
  answer?: unknown;
  on?: unknown;
  exclusive?: unknown;
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

const isNoEarlier = (now: unknown, then: string): boolean =>
  isMoment(now) && spanOf(now).start >= spanOf(then).start;

function missingIn({ withdrawn, answer, since, forbids, asks, keeps }: Said, row: Saying): string[] {
  if (withdrawn !== undefined && !isWithdrawnBy(row.withdrawn, withdrawn)) return [`withdrawn: ${withdrawn}`];
  if (answer !== undefined && answer !== row.answer) return [`answer: ${answer}`];
  if (keeps !== undefined) return fieldsIn(keeps, keepsLess(keeps, row as Grant));
  if (asks !== undefined) return fieldsIn(asks, asksLess(asks, row as Obligation));
  return [
    ...(since === undefined || isNoEarlier(row.on, since) ? [] : [`on: ${since}`]),
    ...(forbids === undefined ? [] : fieldsIn(forbids, forbidsLess(forbids, row as Forbids))),
  ];
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
 * What a file leaves out of the ledger in force, though something is forbidden, asked for or held up by it: rows that are withdrawn, refuse, forbid or ask for something, files of
 * withdrawn titles, who and what is seen, and policies. Rows that others in the file replace are in it.
 */
export const leftOutOf = (beside: Beside, standing: Standing): string[] => [
  ...rowsLeftOut(beside.file, standing),
  ...filesLeftOut(beside),
  ...seenLeftOut(beside),
];

/** A withdrawn title that another replaces stays in the file: its films would else be anybody's. */
function rowsLeftOut(file: Ledger, standing: Standing): string[] {
  const there = new Set(
    kept.flatMap((of) =>
      [...file[of].map(({ id }) => id), ...replacedIn(of, file[of])].map((id) => `${of}/${id}`),
    ),
  );
  const titles = new Set(file.titles.map(({ id }) => `titles/${id}`));
  const isThere = (row: string) => (row.startsWith('titles/') ? titles : there).has(row);
  return [...standing].flatMap(([row, said]) =>
    isThere(row) || !kept.some((of) => row.startsWith(`${of}/`)) ? [] : [wordsOf(row, said)],
  );
}

/** Films of withdrawn titles that the file takes from them, or gives to others than who replaces them, whatever these call the films. */
function filesLeftOut({ file, stands, films, withdrawn }: Beside): string[] {
  const now = new Map(file.titles.map(({ id, files }) => [id, files]));
  const successors = successorsIn(file.titles);
  const spots = spotsIn({ stands, films });
  return withdrawn.flatMap(({ id, files }) => {
    const own = new Set([id, ...successors(id)]);
    const isTaken = (name: string) => spots.of(name).some(({ title = id }) => !own.has(title));
    const gone = files.filter((name) => now.get(id)?.includes(name) === false || isTaken(name));
    return now.has(id) && gone.length > 0 ? [`titles/${id}: files: ${gone.join(', ')}`] : [];
  });
}

/** What withdrawn titles said last, those out of force too: their films stay theirs, or of who replaces them. */
export async function withdrawnTitles(db: Pick<Db, 'execute'>, standing: Standing): Promise<LedgerTitle[]> {
  const ids = [...standing.keys()].flatMap((row) =>
    row.startsWith('titles/') ? [row.slice('titles/'.length)] : [],
  );
  return ids.length === 0 ? [] : ((await lastContents(db, 'titles', ids)) as unknown as LedgerTitle[]);
}

/** @throws BacklotError `ledger-undoes-withdrawal` where there is one of either */
export function refuseUndone(undone: readonly string[], leftOut: readonly string[], where: string): void {
  const found = [...listed('rows without them', undone), ...listed('left out', leftOut)];
  if (found.length === 0) return;
  throw new BacklotError('ledger-undoes-withdrawal', {
    expected:
      'the withdrawals, refusals, bans and obligations that are recorded, and what is permitted to somebody else alone, each for all that it was, who and what is seen, and the policies',
    where,
    found: found.join('\n'),
    remedy:
      'Keep these rows in the file, with these lines: `backlot rights row ROW` shows each as it was recorded, and `backlot rights ledger --to FILE` writes all that is in force as a file. A permission given anew is a new row with an id of its own, which names in `lifts` the refusals of the same party that it lifts; a refusal, a ban, an obligation or a grant to somebody else alone that has ended, or is for less, is kept and replaced by a new row about the same that names it in `supersedes` (such a grant may be withdrawn too); one that is a mistake (of another party, `kind` or `to`) is kept, ended so (`until`), and a row of its own beside it says what is right. Who or what is seen elsewhere, or in fewer frames, is said by a new row with `supersedes: ID`; who or what is not seen after all by one of the same party, title and file with `shots: none`, `status: confirmed`, `supersedes: ID` and a `note` that says why (of those who withdrew or refused once `backlot rights correct` has taken the old one back); a policy ends by a new row with `assumed` for `stated`, or another `house`, and `supersedes: ID`.',
    problems: [...undone, ...leftOut],
  });
}

const listed = (what: string, rows: readonly string[]): string[] =>
  rows.length === 0 ? [] : [`${what}:\n  ${toldWords(toldOf(rows)).join('\n  ')}`];
