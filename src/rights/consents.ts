import { boundBy, holds, isGiven } from './acting.ts';
import type { Ask } from './ask.ts';
import { isWithdrawn } from './moments.ts';
import type { Appearance, Consent, Ledger, LedgerTitle, Miss, Reason } from './schema.ts';
import { concerns, givenMisses, reaches, scopeMisses } from './scope.ts';
import { makesReplica } from './uses.ts';

/** Somebody whose consent a shot needs: who is seen in it, or whom the training or the take targets. */
export interface Concerned {
  party: string;
  title: string;
  status: 'confirmed' | 'proposed';
  /** The row that names the party, and how. */
  row: string;
  how: string;
}

/**
 * The performer that is named, seen or not: nobody whom the ledger does not know has agreed to anything. Where nobody
 * is named, a replica is of those who are seen; where nobody is, it is not known of whom.
 */
export function performerReasons(
  title: LedgerTitle,
  seenHere: readonly Appearance[],
  ledger: Ledger,
  ask: Ask,
): Reason[] {
  const party = ask.performer;
  if (party === null) return nobodyReasons(seenHere, ask);
  const message = `${party} is targeted, and no party of the ledger is called so`;
  if (!ledger.parties.some(({ id }) => id === party)) return [{ rule: 'unknown', row: 'parties', message }];
  const concerned = { party, title: title.id, status: 'confirmed' as const, how: 'is targeted' };
  return consentReasons({ ...concerned, row: `parties/${party}` }, ledger, ask);
}

function nobodyReasons(seenHere: readonly Appearance[], { use }: Ask): Reason[] {
  if (!makesReplica(use) || seenHere.some(({ status }) => status === 'confirmed')) return [];
  const message = `${use} makes a replica of somebody: nobody is named, and nobody is confirmed as seen here`;
  return [{ rule: 'unknown', row: 'parties', message }];
}

/**
 * What a party's being seen in a shot, or targeted, asks for: nothing where it consented, else the refusal, the
 * doubt or the gap.
 */
export function consentReasons(concerned: Concerned, ledger: Ledger, ask: Ask): Reason[] {
  const { party, title } = concerned;
  const rows = ledger.consents.filter((row) => row.party === party);
  const refusals = [...withdrawnParty(party, ledger, ask), ...refusalsIn(rows, title, ask)];
  if (concerned.status === 'proposed') return [proposed(concerned, refusals.length > 0)];
  if (refusals.length > 0) return refusals;
  // The title first: a person may have consented for many, and what the others miss is told of none.
  const covering = rows.filter(
    (row) =>
      row.answer === 'given' &&
      concerns(row, title) &&
      scopeMisses(row, ask).length === 0 &&
      (isGiven(ledger, row, ask.at) || isWithdrawn(row, ask.at)),
  );
  const kept = covering.filter((row) => !isWithdrawn(row, ask.at));
  const standing = kept.filter((row) => isBinding(row, ledger, ask));
  if (standing.some((row) => gapsIn(row, ask).length === 0)) return [];
  if (standing.length > 0) return standing.map((row) => incomplete(row, ask));
  if (kept.length < covering.length)
    return covering.filter((row) => !kept.includes(row)).map(withdrawnConsent);
  return kept.length > 0 ? kept.map(unbinding) : [missing(concerned, rows, ledger, ask)];
}

function withdrawnParty(id: string, ledger: Ledger, ask: Ask): Reason[] {
  const party = ledger.parties.find((row) => row.id === id);
  if (!party || !isWithdrawn(party, ask.at)) return [];
  return [
    {
      rule: 'consent_refused',
      row: `parties/${id}`,
      message: `${party.name} withdrew on ${party.withdrawn}`,
    },
  ];
}

const refusalsIn = (rows: readonly Consent[], title: string, ask: Ask): Reason[] =>
  rows
    .filter((row) => row.answer === 'refused' && concerns(row, title) && reaches(row, ask))
    .map((row) => ({
      rule: 'consent_refused',
      row: `consents/${row.id}`,
      message: `${row.party} refused ${ask.use}`,
    }));

/** Given by the party itself, or by one who represented it then. A refusal holds whoever gave it. */
const isBinding = (row: Consent, ledger: Ledger, ask: Ask): boolean =>
  holds(boundBy(ledger, row.party, row.givenBy ?? row.party, row), ask.at);

const unbinding = (row: Consent): Reason => ({
  rule: 'not_represented',
  row: `consents/${row.id}`,
  message: `nothing shows that ${row.givenBy} represented ${row.party} when it consented`,
});

const withdrawnConsent = (row: Consent): Reason => ({
  rule: 'consent_refused',
  row: `consents/${row.id}`,
  message: `${row.party} withdrew the consent on ${row.withdrawn}`,
});

const proposed = ({ row, party }: Concerned, refused: boolean): Reason => ({
  rule: 'appearance_proposed',
  row,
  message: refused ? `${party} may be seen here, and refused` : `${party} may be seen here`,
});

const consentMisses = (row: Consent, title: string, ledger: Ledger, ask: Ask): Pick<Miss, 'message'>[] => [
  ...(concerns(row, title) ? [] : [{ message: 'is for another title' }]),
  ...scopeMisses(row, ask),
  ...givenMisses(row, ledger, ask),
];

/** What several laws ask of a consent to a replica: said what for, and signed apart or with advice. */
function gapsIn(row: Consent, ask: Ask): string[] {
  if (!makesReplica(ask.use)) return [];
  const advised = row.advisedBy === 'counsel' || row.advisedBy === 'union';
  return [
    ...(row.described === undefined ? ['does not say what it is for'] : []),
    ...(row.separatelySigned || advised ? [] : ['is neither signed apart nor given with counsel or a union']),
  ];
}

const incomplete = (row: Consent, ask: Ask): Reason => ({
  rule: 'consent_incomplete',
  row: `consents/${row.id}`,
  message: `the consent of ${row.party} to a replica ${gapsIn(row, ask).join(' and ')}`,
});

function missing(
  { row, how, party, title }: Concerned,
  rows: readonly Consent[],
  ledger: Ledger,
  ask: Ask,
): Reason {
  const near = rows
    .filter(({ answer }) => answer === 'given')
    .map((consent) => ({ id: consent.id, misses: consentMisses(consent, title, ledger, ask) }))
    .sort((a, b) => a.misses.length - b.misses.length || (a.id < b.id ? -1 : 1))[0];
  const nearest = near && `; consents/${near.id} ${near.misses.map(({ message }) => message).join(' and ')}`;
  const message = `${party} ${how} and has not consented to ${ask.use}${nearest ?? ''}`;
  return { rule: 'consent_missing', row, message };
}
