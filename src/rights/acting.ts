import { always, beginsAfter, isWithdrawn, type Span, spanOf } from './moments.ts';
import type { Ledger, Party } from './schema.ts';

/** What somebody said, perhaps for somebody else. */
export interface Said {
  on?: string | undefined;
  evidence?: { agreement: string } | undefined;
}

/** The papers of a ledger, each with when it was signed. */
export interface Papers {
  agreements: readonly Pick<Ledger['agreements'][number], 'id' | 'signed'>[];
}

type Representative = Exclude<NonNullable<Party['representedBy']>[number], string>;

/**
 * The time in which it counts what `actor` said for `principal`; null: never. Who represented somebody when it was said and when
 * its agreement was signed has bound them, also after that has ended. Where nobody knows when it was said, it counts as long as the actor represents them.
 */
export function boundBy(ledger: Ledger, principal: string, actor: string, said: Said): Span | null {
  if (actor === principal) return always;
  const link = representativesOf(ledger.parties.find(({ id }) => id === principal)).find(
    ({ party }) => party === actor,
  );
  if (!link) return null;
  const time = timeOf(
    link,
    ledger.parties.find(({ id }) => id === actor),
  );
  const written = datesOf(ledger, said);
  if (written.length === 0) return time;
  return written.every((when) => holds(time, spanOf(when))) ? always : null;
}

const representativesOf = (party: Party | undefined): Representative[] =>
  (party?.representedBy ?? []).map((one) => (typeof one === 'string' ? { party: one } : one));

/** A party that has withdrawn speaks for nobody from then on. */
function timeOf({ from, until }: Representative, actor: Party | undefined): Span {
  const end = until === undefined ? Infinity : spanOf(until).end;
  const left = actor?.withdrawn === undefined ? Infinity : spanOf(actor.withdrawn).start - 1;
  return { start: from === undefined ? -Infinity : spanOf(from).start, end: Math.min(end, left) };
}

const signatures = new WeakMap<Papers['agreements'], ReadonlyMap<string, string | undefined>>();

function signedOn({ agreements }: Papers, { evidence }: Said): string | undefined {
  if (!evidence) return undefined;
  const known = signatures.get(agreements) ?? new Map(agreements.map(({ id, signed }) => [id, signed]));
  signatures.set(agreements, known);
  return known.get(evidence.agreement);
}

/**
 * From when on it counts that something was permitted: when it was said or when its agreement was signed, the later of both;
 * undefined where neither is known.
 */
export const givenFrom = (ledger: Papers, said: Said): string | undefined =>
  datesOf(ledger, said).toSorted((a, b) => spanOf(b).start - spanOf(a).start)[0];

/** When it was said and when its agreement was signed, as far as either is written. */
const datesOf = (ledger: Papers, said: Said): string[] =>
  [said.on, signedOn(ledger, said)].flatMap((moment) => moment ?? []);

/** Whether it names a document by which it was permitted, and nobody says when that was signed nor when it was permitted. */
export const isUndated = (ledger: Ledger, said: Said): boolean =>
  said.evidence !== undefined && givenFrom(ledger, said) === undefined;

/** Whether what was permitted was so by the moment, which must lie after it as a whole. */
export const isGiven = (ledger: Ledger, said: Said, at: Span): boolean =>
  !beginsAfter({ from: givenFrom(ledger, said) }, at);

/** Whether a time holds all of a moment. */
export const holds = (time: Span | null, at: Span): boolean =>
  time !== null && time.start <= at.start && time.end >= at.end;

/** Whether the party is one that has withdrawn all that it permitted. */
export const hasLeft = ({ parties }: Ledger, party: string | undefined, at: Span): boolean =>
  parties.some((row) => row.id === party && isWithdrawn(row, at));
