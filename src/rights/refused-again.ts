import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { consentsGone } from './gone-rows.ts';
import { lastContents } from './last-said.ts';
import { type Beside, isSaidSince, type Lift, overruled, permits, permittedAgain } from './lifted.ts';
import { refusalBefore } from './lifted-problems.ts';
import { spanOf } from './moments.ts';
import { papersIn } from './papers.ts';
import { goneKey, isOver, type Row, textOf } from './raw.ts';
import { consentsOf } from './register-around.ts';
import type { Consent } from './schema.ts';

/** What counts again as consents end. */
export interface RefusedAgain {
  /** Refusals to record. */
  refusals: Consent[];
  /** Ids of consents said since, which these overrule where they meet. */
  overruled: string[];
}

/**
 * Refusals that count again as consents end: whole, from then on, for each title of which older consents would permit again something that they had overruled, and that nothing
 * said since permits as far (ADR 0196).
 * @param ended consents that are withdrawn by `at`
 * @param at the instant, ISO with zone
 */
export async function refusalsAgain(db: Db, ended: readonly Consent[], at: string): Promise<RefusedAgain> {
  const given = ended.filter(({ answer }) => answer === 'given');
  const found: RefusedAgain = { refusals: [], overruled: [] };
  if (given.length === 0) return found;
  const { lifts, ...beside } = await besideOf(db, given, at);
  const titles = new Set(given.flatMap((row) => [...row.titles]));
  for (const those of Map.groupBy(lifts, ({ refusal }) => refusal.id).values()) {
    const { party } = those[0]?.refusal ?? {};
    const theirs = [...beside.theirs, ...found.refusals].filter((row) => row.party === party);
    const next = againOf(those, { ...beside, theirs }, titles, at);
    found.refusals.push(...next.refusals);
    found.overruled.push(...next.overruled);
  }
  return { ...found, overruled: [...new Set(found.overruled)].sort() };
}

/** A consent that had replaced a refusal, and its id where it is out of force. */
type Placed = Lift & { id: string };

/** @param ended titles of what ends now: where the consent in the refusal's place goes on, or had gone before, it is looked at for these */
function againOf(
  lifts: readonly Placed[],
  beside: Beside,
  ended: ReadonlySet<string>,
  at: string,
): RefusedAgain {
  const found = lifts.map((lift) => {
    const isAll = lift.consent !== undefined && isOver(lift.consent, beside.now);
    const titles = permittedAgain(lift, beside).flatMap((again) => again.titles);
    return { lift, titles: titles.filter((title) => isAll || ended.has(title)) };
  });
  const lacking = found.filter(({ titles }) => titles.length > 0);
  const [first] = lacking;
  if (first === undefined) return { refusals: [], overruled: [] };
  const titles = [...new Set(lacking.flatMap((one) => one.titles))];
  const ids = lacking.map(({ lift }) => lift.id);
  const refusal = refusalOf(first.lift.refusal, titles, ids, at);
  const since = beside.theirs.filter(
    (one) =>
      permits(one, beside.now) &&
      overruled(one, refusal) !== null &&
      lacking.some(({ lift }) => one.id === lift.id || isSaidSince(one, lift, beside)),
  );
  return { refusals: [refusal], overruled: since.map(({ id }) => id) };
}

/** Characters of a refusal's id that the new one begins with. */
const STEM = 80;

function refusalOf(
  { id, party, uses, territories, from, until, models, trainers, outputs }: Consent,
  titles: string[],
  lifts: readonly string[],
  at: string,
): Consent {
  const isLater = from !== undefined && spanOf(from).start > spanOf(at).start;
  const scope = { until, models, trainers, outputs };
  const narrow = Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));
  const hash = createHash('sha256').update(`${id} ${at}`).digest('hex').slice(0, 12);
  const named = [...new Set(lifts)].map((one) => `consents/${one}`).join(' and ');
  return {
    ...{ id: `${[...id].slice(0, STEM).join('')}-again-${hash}`, party, answer: 'refused', on: at },
    ...{ titles, uses, territories, from: isLater ? from : at, ...narrow },
    note: `older consents would permit again what consents/${id} refused, which ${named} had replaced: it counts again for these titles`,
  };
}

async function besideOf(
  db: Db,
  ended: readonly Consent[],
  at: string,
): Promise<Beside & { lifts: Placed[] }> {
  const ids = new Set(ended.map(({ id }) => id));
  const parties = [...new Set(ended.map(({ party }) => party))];
  // What ends now permits nothing beside the rest, whatever of it the ledger in force still says.
  const others = (await consentsOf(db, parties)).filter(({ id }) => !ids.has(textOf(id) ?? ''));
  const theirs = [...ended, ...(others as unknown as Consent[])];
  const ever = await everReplacing(db, parties);
  const rows = new Map([...ever, ...theirs].map((row) => [row.id, row as unknown as Row]));
  const gone = await consentsGone(db, [...rows.values()]);
  const known = (id: string) => gone.get(goneKey(id)) ?? rows.get(id);
  const replaced = new Set([...rows.values()].map(({ supersedes }) => supersedes));
  const standing = new Map(theirs.map((row) => [row.id, row]));
  const lifts = [...rows.values()].flatMap((row): Placed[] => {
    const [id, refusal] = [textOf(row.id) ?? '', refusalBefore(row, known) as Consent | undefined];
    const isLast = row.answer === 'given' && !replaced.has(id);
    return refusal && isLast ? [{ id, refusal, consent: standing.get(id) }] : [];
  });
  const liftedBy = new Map(lifts.map(({ id, refusal }) => [id, refusal]));
  const named = [...theirs, ...liftedBy.values()].flatMap(({ evidence }) => evidence?.agreement ?? []);
  const agreements = await lastContents(db, 'agreements', [...new Set(named)]);
  return { theirs, liftedBy, lifts, papers: papersIn({ agreements }), now: spanOf(at).start };
}

/** Consents of these parties that ever replaced others, as each was recorded last: one that a file left out had lifted a refusal too. */
async function everReplacing(db: Db, parties: readonly string[]): Promise<Consent[]> {
  const { rows } = await db.execute<{ content: Consent }>(sql`
    select distinct on (key) content from ${tables.rightsRows}
    where section = 'consents' and content ->> 'party' = any(${texts(parties)}) and content ->> 'supersedes' is not null
    order by key, seq desc`);
  return rows.map(({ content }) => content);
}
