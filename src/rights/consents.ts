import { boundBy, holds, isGiven } from './acting.ts';
import type { Ask } from './ask.ts';
import { isSaidSince, liftedBy, lifts } from './lifting.ts';
import { daysBetween, isWithdrawn } from './moments.ts';
import { nearestOf } from './nearest.ts';
import type {
  Appearance,
  Assumption,
  Consent,
  Ledger,
  LedgerTitle,
  Miss,
  NearestConsent,
  Reason,
} from './schema.ts';
import { concerns, givenMisses, miss, reaches, scopeMisses } from './scope.ts';
import { undatedAssumptions } from './undated.ts';
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

/** What a party's consents say to what is asked. */
export interface Answer {
  reasons: readonly Reason[];
  /** The consent that comes nearest, where the party has not consented and not refused. */
  nearest: readonly NearestConsent[];
  assumptions: readonly Assumption[];
}

const none = { nearest: [], assumptions: [] };

/**
 * The performer that is named, seen or not: nobody whom the ledger does not know has agreed to anything. Where nobody
 * is named, a replica is of those who are seen; where nobody is, it is not known of whom.
 */
export function saidByPerformer(
  title: LedgerTitle,
  seenHere: readonly Appearance[],
  ledger: Ledger,
  ask: Ask,
): Answer {
  const party = ask.performer;
  if (party === null) return { ...none, reasons: nobodyReasons(seenHere, ask) };
  const message = `${party} is targeted, and no party of the ledger is called so`;
  if (!ledger.parties.some(({ id }) => id === party))
    return { ...none, reasons: [{ rule: 'unknown', row: 'parties', message }] };
  const concerned = { party, title: title.id, status: 'confirmed' as const, how: 'is targeted' };
  return answerOf({ ...concerned, row: `parties/${party}` }, ledger, ask);
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
export function answerOf(concerned: Concerned, ledger: Ledger, ask: Ask): Answer {
  const { party, title } = concerned;
  const rows = ledger.consents.filter((row) => row.party === party);
  const refusals = refusalsIn(rows, title, ledger, ask);
  const against = [...withdrawnParty(party, ledger, ask), ...refusals];
  if (concerned.status === 'proposed') return { ...none, reasons: [proposed(concerned, against.length > 0)] };
  if (refusals.length > 0) return { ...none, reasons: against };
  const given = rows.filter(({ answer }) => answer === 'given');
  // The title first: a person may have consented for many, and what the others miss is told only where there is none for it.
  const ours = given.filter((row) => concerns(row, title));
  const enough = against.length > 0 ? [] : ours.filter((row) => isEnough(row, ledger, ask));
  if (enough.length > 0)
    return { ...none, reasons: [], assumptions: undatedAssumptions('consents', enough, ledger) };
  const found = against.length > 0 ? against : reasonsIn(ours, ledger, ask);
  const nearest = nearestConsent(concerned, ours.length > 0 ? ours : given, ledger, ask);
  return { ...none, reasons: found ?? [missing(concerned, nearest[0], ask)], nearest };
}

const isEnough = (row: Consent, ledger: Ledger, ask: Ask): boolean =>
  scopeMisses(row, ask).length === 0 &&
  isGiven(ledger, row, ask.at) &&
  !isWithdrawn(row, ask.at) &&
  isBinding(row, ledger, ask) &&
  gapsIn(row, ask).length === 0;

/** What consents for a title lack, of which none is enough; null where none is for what is asked. */
function reasonsIn(ours: readonly Consent[], ledger: Ledger, ask: Ask): Reason[] | null {
  const covering = ours.filter(
    (row) => scopeMisses(row, ask).length === 0 && (isGiven(ledger, row, ask.at) || isWithdrawn(row, ask.at)),
  );
  const kept = covering.filter((row) => !isWithdrawn(row, ask.at));
  const standing = kept.filter((row) => isBinding(row, ledger, ask));
  if (standing.length > 0) return standing.map((row) => incomplete(row, ask));
  if (kept.length < covering.length)
    return covering.filter((row) => !kept.includes(row)).map(withdrawnConsent);
  return kept.length > 0 ? kept.map(unbinding) : null;
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

/** Refusals that forbid what is asked: all that reach it, but those that a consent lifts which permits all of it by itself. What lifts one and permits less leaves it as it is. */
function refusalsIn(rows: readonly Consent[], title: string, ledger: Ledger, ask: Ask): Reason[] {
  const reaching = rows.filter(
    (row) => row.answer === 'refused' && concerns(row, title) && reaches(row, ask),
  );
  if (reaching.length === 0) return [];
  const given = rows.filter(({ answer }) => answer === 'given');
  const enough = given.filter((row) => concerns(row, title) && isEnough(row, ledger, ask));
  return reaching
    .filter((refusal) => !enough.some((row) => lifts(row, refusal, ledger)))
    .map((row) => ({
      rule: 'consent_refused',
      row: `consents/${row.id}`,
      message: `${row.party} refused ${ask.use}${besideWords(row, { given, enough, title }, ledger, ask)}`,
    }));
}

/** Why a consent that lifts the refusal does not permit this; else the one that would, did it name the refusal. */
function besideWords(
  refusal: Consent,
  { given, enough, title }: { given: readonly Consent[]; enough: readonly Consent[]; title: string },
  ledger: Ledger,
  ask: Ask,
): string {
  const isBefore = (row: Consent) => isSaidSince(refusal, row, ledger);
  const before = miss('from', 'consent_missing', 'was given before it');
  const near = nearestOf(
    given
      .filter((row) => liftedBy(row).includes(refusal.id))
      .map((row) => ({
        id: row.id,
        misses: [...(isBefore(row) ? [before] : []), ...consentMisses(row, title, ledger, ask)],
      })),
  );
  if (near)
    return `; consents/${near.id} lifts that and ${near.misses.map((one) => one.message).join(' and ')}`;
  const [unnamed] = enough.flatMap((row) => (isBefore(row) ? [] : [row.id])).sort();
  return unnamed === undefined
    ? ''
    : `; consents/${unnamed} permits it and does not lift that: what was agreed to since says so by lifts: [${refusal.id}]`;
}

/** Given by the party itself, or by one who represented it then. A refusal holds whoever gave it. */
const isBinding = (row: Consent, ledger: Ledger, ask: Ask): boolean =>
  holds(boundBy(ledger, row.party, row.givenBy ?? row.party, row), ask.at);

const unbinding = (row: Consent): Reason => ({
  rule: 'not_represented',
  row: `consents/${row.id}`,
  message: `nothing shows that ${row.givenBy} represented ${row.party} when the consent was given and signed`,
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

/** Every dimension in which a consent that was given is not enough, under the rule by which it is told. */
function consentMisses(row: Consent, title: string, ledger: Ledger, ask: Ask): Miss[] {
  const party = ledger.parties.find(({ id }) => id === row.party);
  const left = [
    { who: 'was withdrawn', since: row.withdrawn },
    { who: `${row.party} withdrew`, since: party?.withdrawn },
  ];
  const terms = [
    ...(concerns(row, title) ? [] : [miss('title', 'consent_missing', 'is for another title')]),
    ...scopeMisses(row, ask),
    ...givenMisses(row, ledger, ask),
  ];
  return [
    ...left.flatMap(({ who, since }) =>
      since !== undefined && isWithdrawn({ withdrawn: since }, ask.at)
        ? [miss('withdrawn', 'consent_refused', `${who} on ${since}`, daysBetween(since, ask.asOf))]
        : [],
    ),
    ...terms.map((one) => ({ ...one, rule: 'consent_missing' as const })),
    ...(isBinding(row, ledger, ask) ? [] : [miss('giver', 'not_represented', unbinding(row).message)]),
    ...gapsIn(row, ask).map((gap) => miss('form', 'consent_incomplete', gap)),
  ];
}

function nearestConsent(
  { party, row, title }: Concerned,
  given: readonly Consent[],
  ledger: Ledger,
  ask: Ask,
): NearestConsent[] {
  const near = nearestOf(
    given.map((one) => ({ id: one.id, misses: consentMisses(one, title, ledger, ask) })),
  );
  return near ? [{ party, row, use: ask.use, consent: near.id, misses: near.misses }] : [];
}

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

function missing({ row, how, party }: Concerned, near: NearestConsent | undefined, ask: Ask): Reason {
  const nearest =
    near && `; consents/${near.consent} ${near.misses.map(({ message }) => message).join(' and ')}`;
  const message = `${party} ${how} and has not consented to ${ask.use}${nearest ?? ''}`;
  return { rule: 'consent_missing', row, message };
}
