import { consentReasons } from './consents.ts';
import { appearsIn, type NamedFile, type ShotSpan, type TitleMatch } from './match.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import { outcomeOf, rankOf } from './rules.ts';
import type { Decision, Grant, Ledger, LedgerTitle, Reason, Restriction, Use } from './schema.ts';
import { type Ask, missesOf, reaches } from './scope.ts';
import { isWhole, percentOf, sumShares } from './shares.ts';
import { isTerritory } from './territories.ts';

export interface Question {
  shot: ShotSpan & { file: NamedFile };
  title: TitleMatch;
  ledger: Ledger;
  use: Use;
  /** ISO 3166 code, or `world`: everywhere at once. */
  territory: string;
  /** A day (the permission must hold all of it) or an instant. */
  asOf: string;
}

/**
 * Whether a shot may serve a use. Pure and total: no clock, no order of rows, no default that permits. What
 * forbids overrides what permits, and what is not known never passes.
 */
export function decide({ shot, title: match, ledger, use, territory, asOf }: Question): Decision {
  const ask: Ask = { use, territory, asOf, at: spanOf(asOf) };
  const forbidden = (title: string | null) =>
    ledger.restrictions.filter((row) => forbids(row, title, ask)).map(restrictionReason);
  const unknown = (message: string): Reason => ({ rule: 'unknown', row: 'titles', message });
  if (Number.isNaN(ask.at.start) || !isTerritory(territory)) {
    return conclude([unknown(`nobody can say for ${territory} on ${asOf}`)], []);
  }
  if ('unknown' in match) return conclude([unknown(match.unknown), ...forbidden(null)], []);
  const title = ledger.titles.find(({ id }) => id === match.title);
  if (!title) return conclude([unknown(`there is no title ${match.title}`), ...forbidden(null)], []);
  const grants = ledger.grants.filter((grant) => grant.titles.includes(title.id));
  const appearances = ledger.appearances.filter((a) => a.title === title.id && appearsIn(a, shot.file, shot));
  const reasons = [
    ...titleReasons(title, ask),
    ...title.shares.flatMap(({ party }) => ownerReasons(title, party, grants, ledger, ask)),
    ...forbidden(title.id),
    ...appearances.flatMap((appearance) => consentReasons(appearance, ledger, ask)),
  ];
  return conclude(
    reasons,
    grants.filter((grant) => missesOf(grant, ledger, ask).length === 0),
  );
}

function conclude(reasons: readonly Reason[], grants: readonly Grant[]): Decision {
  const key = ({ rule, row, message }: Reason) => JSON.stringify([rankOf(rule) + 100, row, message]);
  const unique = new Map(reasons.map((reason) => [key(reason), reason]));
  const sorted = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason);
  return {
    outcome: outcomeOf(sorted.map(({ rule }) => rule)),
    reasons: sorted,
    grants: grants.map(({ id }) => id).sort(),
  };
}

function titleReasons(title: LedgerTitle, ask: Ask): Reason[] {
  const row = `titles/${title.id}`;
  const sum = sumShares(title.shares.map(({ share }) => share));
  const owned =
    title.shares.length === 0 ? 'nobody is named as its owner' : `only ${percentOf(sum)} of it have an owner`;
  return [
    ...(isWithdrawn(title, ask.at)
      ? [{ rule: 'withdrawn' as const, row, message: `${title.name} was withdrawn on ${title.withdrawn}` }]
      : []),
    ...(isWhole(sum) ? [] : [{ rule: 'unknown' as const, row, message: `${title.name}: ${owned}` }]),
  ];
}

/**
 * Every owner must permit. Of several grants, those for the use tell how near they come; others only that
 * they differ.
 */
function ownerReasons(
  title: LedgerTitle,
  owner: string,
  grants: readonly Grant[],
  ledger: Ledger,
  ask: Ask,
): Reason[] {
  const own = grants.filter((grant) => grant.grantor === owner);
  const tried = own.map((grant) => ({ grant, misses: missesOf(grant, ledger, ask) }));
  if (tried.some(({ misses }) => misses.length === 0)) return [];
  if (own.length === 0) {
    return [
      { rule: 'no_grant', row: `titles/${title.id}`, message: `${owner} grants nothing for ${title.name}` },
    ];
  }
  const near = tried.filter(({ grant }) => grant.uses.includes(ask.use));
  return (near.length > 0 ? near : tried).flatMap(({ grant, misses }) =>
    misses
      .filter(({ rule }) => near.length > 0 || rule === 'use_not_granted')
      .map((miss) => ({ ...miss, row: `grants/${grant.id}` })),
  );
}

const forbids = (row: Restriction, title: string | null, ask: Ask): boolean =>
  (row.titles === 'all' || (title !== null && row.titles.includes(title))) && reaches(row, ask);

const restrictionReason = (row: Restriction): Reason => ({
  rule: 'restriction',
  row: `restrictions/${row.id}`,
  message: row.reason,
});
