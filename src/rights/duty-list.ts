import { dutyWords, isDone, isOpen } from './duties.ts';
import type { Duty } from './duty-schema.ts';
import { daysBetween, endsBefore, spanOf } from './moments.ts';
import { placeWords } from './place-words.ts';
import type { Ledger, Obligation } from './schema.ts';

/** The duties that a ledger writes down, as they stand at a moment. */
export const dutiesIn = (ledger: Ledger, asOf: string): Duty[] => {
  const names = new Map(ledger.parties.map(({ id, name }) => [id, name]));
  return ledger.obligations.map((row) => dutyOf(row, names.get(row.to) ?? row.to, asOf));
};

function dutyOf(row: Obligation, name: string, asOf: string): Duty {
  const at = spanOf(asOf);
  const holdsUp = isOpen(row, { at });
  const done = isDone(row, { at })
    ? { at: row.done ?? '', by: null, evidence: placeWords(row.fulfilled) }
    : null;
  return {
    ...{ of: `obligations/${row.id}`, kind: row.kind, to: { id: row.to, name } },
    what: dutyWords({ ...row, due: undefined }, name),
    ...{ titles: listed(row.titles), uses: listed(row.uses), due: row.due ?? null },
    ...standingOf(row.due ?? null, done !== null, asOf),
    ...{ holdsUp, evidence: placeOf(row.evidence), done },
  };
}

/** Whether something is overdue, and by how many days. A day has passed once it is over, an hour of a day
 * counts as passed for the day. */
export function standingOf(due: string | null, isDone: boolean, asOf: string): Pick<Duty, 'state' | 'days'> {
  if (isDone) return { state: 'done', days: null };
  if (due === null) return { state: 'open', days: null };
  const state = endsBefore({ until: due }, spanOf(asOf)) ? 'overdue' : 'open';
  const days = daysBetween(dayOf(due), dayOf(asOf));
  return { state, days: spanOf(due).start < spanOf(asOf).start ? 0 - days : days };
}

const dayOf = (moment: string): string => new Date(spanOf(moment).start).toISOString().slice(0, 10);

const listed = (names: 'all' | readonly string[]): string[] | null => (names === 'all' ? null : [...names]);

const placeOf = (evidence: Obligation['evidence']): Duty['evidence'] =>
  evidence === undefined
    ? null
    : { agreement: evidence.agreement, clause: evidence.clause ?? null, page: evidence.page ?? null };

const rank: Record<Duty['state'], number> = { overdue: 0, open: 1, done: 2 };

/** Overdue first, then by the day, then what names none, what holds shots up before the rest; done ones last, the newest first. */
export function byUrgency(a: Duty, b: Duty): number {
  if (a.state !== b.state) return rank[a.state] - rank[b.state];
  if (a.done && b.done) return spanOf(b.done.at).start - spanOf(a.done.at).start;
  return (
    moment(a) - moment(b) || Number(b.holdsUp) - Number(a.holdsUp) || (a.of < b.of ? -1 : Number(a.of > b.of))
  );
}

/** No day comes after every day. */
const moment = ({ due }: Duty): number => (due === null ? Number.MAX_SAFE_INTEGER : spanOf(due).end);
