import type { Db } from '../db/index.ts';
import { consentsGone } from './gone-rows.ts';
import { lastContents } from './last-said.ts';
import { type Again, type Beside, isSaidSince, type Lift, permits, permittedAgain } from './lifted.ts';
import { refusalBefore } from './lifted-problems.ts';
import { spanOf } from './moments.ts';
import { usesPermitted } from './narrowed.ts';
import { papersIn } from './papers.ts';
import { goneKey, type Row, textOf } from './raw.ts';
import { consentsOf } from './register-around.ts';
import type { Consent } from './schema.ts';
import { includedIn, type Use, uses } from './uses.ts';

/**
 * Refusals that count again as consents end that had replaced them: from when on, and for what, older consents would permit it, which they had overruled (ADR 0196). What was
 * agreed to since is not refused.
 * @param ended consents that are withdrawn by `at`
 * @param at the instant, ISO with zone
 */
export async function refusalsAgain(db: Db, ended: readonly Consent[], at: string): Promise<Consent[]> {
  const lifting = ended.filter(({ answer, supersedes }) => answer === 'given' && supersedes !== undefined);
  if (lifting.length === 0) return [];
  const beside = await besideOf(db, lifting, at);
  const lifts = lifting.flatMap((consent) => {
    const refusal = beside.liftedBy.get(consent.id);
    const theirs = beside.theirs.filter(({ party }) => party === consent.party);
    return refusal ? [{ refusal, consent, beside: { ...beside, theirs } }] : [];
  });
  const byRefusal = Map.groupBy(lifts, ({ refusal }) => refusal.id);
  return [...byRefusal.values()].flatMap((those) => againOf(those, at));
}

type Lifted = Required<Lift> & { consent: Consent; beside: Beside };

function againOf(lifts: readonly Lifted[], at: string): Consent[] {
  const found = lifts.flatMap((lift) =>
    permittedAgain(lift, lift.beside).map((again) => ({ ...lift, again })),
  );
  const [first] = found;
  if (first === undefined) return [];
  const again = found.map((one) => one.again);
  const titles = [...new Set(again.flatMap((one) => one.titles))];
  const kept = agreedSince(first, titles);
  const refused = uses.filter((use) => again.some((one) => one.uses.includes(use)) && !kept.has(use));
  if (refused.length === 0) return [];
  const ended = [...new Set(found.map(({ consent }) => `consents/${consent.id}`))];
  return [refusalOf(first.refusal, { titles, uses: refused }, ended, at)];
}

/** Uses of which a refusal would forbid what was agreed to since. */
function agreedSince({ beside, ...lift }: Lifted, titles: readonly string[]): Set<Use> {
  const since = beside.theirs.filter(
    (one) =>
      isSaidSince(one, lift, beside) &&
      permits(one, beside.now) &&
      titles.some((title) => one.titles.includes(title)),
  );
  return new Set(since.flatMap((one) => usesPermitted(one).flatMap(includedIn)));
}

function refusalOf(
  { id, party, territories, from, until, models, trainers, outputs }: Consent,
  said: Pick<Again, 'uses'> & { titles: string[] },
  ended: readonly string[],
  at: string,
): Consent {
  const isLater = from !== undefined && spanOf(from).start > spanOf(at).start;
  const scope = { until, models, trainers, outputs };
  const narrow = Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));
  return {
    ...{ id: `${id.slice(0, 70)}-again-${at.replace(/[^\dTZ]/g, '')}`, party, answer: 'refused', on: at },
    ...{ titles: said.titles, uses: [...said.uses], territories, from: isLater ? from : at, ...narrow },
    note: `${ended.join(' and ')} was withdrawn, which had replaced consents/${id}: that counts again for what an older consent would permit`,
  };
}

async function besideOf(db: Db, lifting: readonly Consent[], at: string): Promise<Beside> {
  const ids = new Set(lifting.map(({ id }) => id));
  const parties = [...new Set(lifting.map(({ party }) => party))];
  const others = (await consentsOf(db, parties)).filter(({ id }) => !ids.has(textOf(id) ?? ''));
  const theirs = [...lifting, ...(others as unknown as Consent[])];
  const gone = await consentsGone(db, theirs as unknown as Row[]);
  const byId = new Map(theirs.map((row) => [row.id, row as unknown as Row]));
  const known = (id: string) => gone.get(goneKey(id)) ?? byId.get(id);
  const liftedBy = new Map(
    theirs.flatMap((row) => {
      const refusal = refusalBefore(row as unknown as Row, known) as Consent | undefined;
      return refusal ? [[row.id, refusal] as const] : [];
    }),
  );
  const named = [...theirs, ...liftedBy.values()].flatMap(({ evidence }) => evidence?.agreement ?? []);
  const agreements = await lastContents(db, 'agreements', [...new Set(named)]);
  return { theirs, liftedBy, papers: papersIn({ agreements }), now: spanOf(at).start };
}
