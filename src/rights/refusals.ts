import { and, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type Db, tables } from '../db/index.ts';
import type { Target } from './claims.ts';
import { liftsInForce } from './lifts-store.ts';
import { narrowedWords, type Terms, titlesGone, usesPermitted } from './narrowed.ts';
import type { Section } from './raw.ts';
import type { Resting } from './resting.ts';
import { type Kind, kinds, restingOn, sectionOf } from './resting-store.ts';
import type { Use } from './schema.ts';
import { currentLedger } from './store.ts';
import { includedIn, uses } from './uses.ts';

/** A row that an import recorded and that now forbids, permits nothing any more, or less; before it, nothing said so. */
export interface NewRefusal {
  row: string;
  says: string;
  /** What a withdrawal would name to reach the same things, or more. */
  target: Target;
  /** Uses that rest on what it speaks of; undefined: those of the target. */
  uses?: readonly Use[];
  /** It permits less than before, or consents lift what it refuses: what rests on it may be allowed all the same. */
  isNarrowed?: boolean;
}

/** A row as it was recorded, and the one that it replaces. */
interface Recorded {
  section: Section;
  key: string;
  content: Content | null;
  before: Content | null;
}

interface Content extends Terms {
  id: string;
  party?: string;
  answer?: string;
  withdrawn?: string;
  supersedes?: string;
}

/** What a ledger newly refuses, of all that it recorded. A restriction of several titles is one for each. */
export async function newRefusals(db: Db, ledger: string): Promise<NewRefusal[]> {
  const all = await recordedBy(db, ledger);
  const replaced = new Set(all.flatMap(({ section, content }) => placeOf(section, content?.supersedes)));
  const byPlace = Map.groupBy(all, ({ section, key }) => `${section}/${key}`);
  // What is said of a row that goes out of force at once is not in force.
  const rows = [...byPlace.values()].flatMap((its) => its.at(-1) ?? []);
  const found = rows.flatMap((row) => (replaced.has(`${row.section}/${row.key}`) ? [] : refusalIn(row)));
  const everywhere = found.some(({ section, row }) => section === 'restrictions' && row.titles === 'all');
  const titles = everywhere ? ((await currentLedger(db))?.document.titles ?? []).map(({ id }) => id) : [];
  const narrowed = rows.flatMap((row) =>
    replaced.has(`${row.section}/${row.key}`) ? [] : narrowingsIn({ ...row, before: beforeIn(byPlace, row) }),
  );
  const refusals = found.flatMap(({ section, row }) => (section === 'consents' ? [row.id] : []));
  const lifted = new Set((await liftsInForce(db, refusals)).map(({ id }) => id));
  return [
    ...found.flatMap(({ section, row, says }) =>
      targetsOf(section, row, titles).map((to) => ({
        ...{ ...to, says },
        ...(lifted.has(row.id) ? { isNarrowed: true } : {}),
      })),
    ),
    ...narrowed,
  ];
}

/** The shots that rest on what a refusal speaks of. */
export async function restingOnRefusal(db: Db, { target, uses }: NewRefusal): Promise<Resting | null> {
  const found = await restingOn(db, target);
  return found && (uses ? { ...found.resting, uses } : found.resting);
}

const placeOf = (section: Section, key: string | undefined): string[] =>
  key === undefined ? [] : [`${section}/${key}`];

async function recordedBy(db: Db, ledger: string): Promise<Recorded[]> {
  const { rightsRows: now } = tables;
  const before = alias(now, 'before');
  const sections = [...Object.values(sectionOf), 'restrictions'];
  const among = sql`${now.section} in (select jsonb_array_elements_text(${JSON.stringify(sections)}::jsonb))`;
  const rows = await db
    .select({ section: now.section, key: now.key, content: now.content, before: before.content })
    .from(now)
    .leftJoin(before, eq(before.id, now.supersedes))
    .where(and(eq(now.ledger, ledger), among))
    .orderBy(now.seq);
  return rows as Recorded[];
}

/** What a row goes on from: of a chain that came whole its first, as those between were never in force. */
function beforeIn(all: ReadonlyMap<string, readonly Recorded[]>, row: Recorded): Content | null {
  const seen = new Set<string>();
  let [found, old] = [row.before, row.content?.supersedes];
  while (found === null && old !== undefined && !seen.has(old)) {
    seen.add(old);
    const its = all.get(`${row.section}/${old}`) ?? [];
    found = its.find(({ before }) => before !== null)?.before ?? null;
    old = its.find(({ content }) => content !== null)?.content?.supersedes;
  }
  return found;
}

interface Refusal {
  section: Section;
  row: Content;
  says: string;
}

function refusalIn({ section, key, content, before }: Recorded): Refusal[] {
  const said = (says: string, row: Content): Refusal[] => [{ section, row: { ...row, id: key }, says }];
  if (content === null)
    return before && section !== 'restrictions' && permits(before)
      ? said('is no longer in force', before)
      : [];
  if (section === 'restrictions') return before === null ? said('forbids', content) : [];
  if (content.answer === 'refused') return before?.answer === 'refused' ? [] : said('refuses', content);
  if (content.withdrawn === undefined || before?.withdrawn !== undefined) return [];
  return said(`is withdrawn on ${content.withdrawn}`, content);
}

/** What a grant or a consent that goes on no longer permits; for each title that it left out by itself, as the row says nothing of that any more. */
function narrowingsIn({ section, key, content, before }: Recorded): NewRefusal[] {
  if (section !== 'grants' && section !== 'consents') return [];
  if (content === null || before === null || !permits(content) || !permits(before)) return [];
  const to = { row: `${section}/${key}`, uses: usesPermitted(before), isNarrowed: true };
  const target = section === 'grants' ? { grant: key } : { consent: key };
  const words = narrowedWords(before, content).join(', ');
  return [
    ...(words === '' ? [] : [{ ...to, says: words, target }]),
    ...titlesGone(before, content).map((title) => ({
      ...to,
      says: `is no longer for ${title}`,
      target: { title },
    })),
  ];
}

const permits = ({ answer, withdrawn }: Content): boolean => answer !== 'refused' && withdrawn === undefined;

function targetsOf(section: Section, row: Content, all: readonly string[]): Omit<NewRefusal, 'says'>[] {
  if (section === 'restrictions') {
    const titles = row.titles === 'all' ? all : (row.titles ?? []);
    return titles.map((title) => ({ row: `${section}/${row.id}`, target: { title }, uses: forbidden(row) }));
  }
  // Nothing permitted can be withdrawn of a refusal: the party's own withdrawal reaches what it speaks of.
  if (row.answer === 'refused' && row.party !== undefined)
    return [{ row: `${section}/${row.id}`, target: { party: row.party }, uses: forbidden(row) }];
  const kind = kinds.find((one) => sectionOf[one] === section) as Kind;
  return [{ row: `${section}/${row.id}`, target: { [kind]: row.id } }];
}

/** Uses that cannot be had where these are forbidden. */
const forbidden = ({ uses: named = 'all' }: Content): Use[] =>
  uses.filter((use) => named === 'all' || includedIn(use).some((one) => named.includes(one)));
