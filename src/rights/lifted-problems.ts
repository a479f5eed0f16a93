import type { Papers } from './acting.ts';
import { type Again, type Beside, type Lift, permittedAgain } from './lifted.ts';
import { goneKey, type Problem, problem, type RecordedRows, type Row, shown, textOf } from './raw.ts';
import { type Consent, consentSchema } from './schema.ts';

/** A lift in a document, with the row that says it or would. */
interface Placed extends Lift {
  i: number;
  /** Id of the consent. */
  id: string;
}

/**
 * Older consents that come back by what a document says of a consent that had replaced a refusal.
 * @param rows consents of a document, those that others replace among them
 * @param around all consents that will stand
 * @param recorded rows in force, and what was recorded of those that these replaced
 * @param now milliseconds since 1970
 */
export function liftedProblems(
  rows: readonly Row[],
  around: readonly Row[],
  recorded: RecordedRows,
  papers: Papers,
  now = Date.now(),
): Problem[] {
  const lifts = liftsIn(rows, recorded);
  if (lifts.length === 0) return [];
  const liftedBy = new Map(lifts.map(({ id, refusal }) => [id, refusal]));
  const parties = new Set(lifts.map(({ refusal }) => refusal.party));
  const theirs = standingOf(around.filter(({ party }) => parties.has(String(party))));
  return lifts.flatMap((lift) => {
    const beside: Beside = { theirs: theirs.get(lift.refusal.party) ?? [], liftedBy, papers, now };
    return permittedAgain(lift, beside).map((again) => liftedProblem(lift, again, rows));
  });
}

/** By party. */
function standingOf(rows: readonly Row[]): ReadonlyMap<string, Consent[]> {
  const replaced = new Set(rows.map(({ supersedes }) => supersedes));
  const standing = rows.filter(({ id }) => !replaced.has(id)).flatMap((row) => consentIn(row) ?? []);
  return Map.groupBy(standing, ({ party }) => party);
}

const consentIn = (row: Row | undefined): Consent | undefined => consentSchema.safeParse(row).data;

function liftsIn(rows: readonly Row[], recorded: RecordedRows): Placed[] {
  const replaced = new Set(rows.map(({ supersedes }) => supersedes));
  const at = new Map(rows.map((row, i) => [textOf(row.id), i]));
  const known = (id: string): Row | undefined => {
    const row = recorded.get(`consents/${id}`);
    const isSaid = row !== undefined && Object.keys(row).length > 1;
    return isSaid ? row : (recorded.get(goneKey(id)) ?? rows[at.get(id) ?? -1]);
  };
  const lifted = (row: Row, own: Row | undefined): Placed[] => {
    const [id, old] = [textOf(row.id) ?? '', refusalBefore(row, known)];
    const [refusal, consent] = old && !replaced.has(id) ? [consentIn(old), consentIn(own)] : [];
    if (refusal === undefined || (own && consent?.answer !== 'given')) return [];
    return [{ id, i: at.get(id) ?? -1, refusal, consent }];
  };
  const told = rows.flatMap((row) => lifted(row, row));
  const ids = new Set(told.map(({ id }) => id));
  // What was in force and said so, and does not any more, though the refusal is not back.
  const before = [...recorded].flatMap(([place, row]) =>
    place.startsWith('consents/') && row.answer === 'given' && !ids.has(textOf(row.id) ?? '')
      ? lifted(row, rows[at.get(textOf(row.id)) ?? -1]).filter(({ refusal }) => !at.has(refusal.id))
      : [],
  );
  return [...told, ...before];
}

/** The refusal that a consent has replaced, or the one before it. */
export function refusalBefore(row: Row, known: (id: string) => Row | undefined): Row | undefined {
  const seen = new Set<string>();
  for (let id = textOf(row.supersedes); id !== undefined && !seen.has(id); ) {
    seen.add(id);
    const old = known(id);
    if (old?.answer === 'refused') return old;
    id = textOf(old?.supersedes);
  }
  return undefined;
}

function liftedProblem({ i, id, refusal, consent }: Placed, { before, words }: Again, rows: readonly Row[]) {
  const expected = `no older consent that permits again what ${shown(refusal.id)} refused`;
  const narrow = `Withdraw ${shown(before.id)}, or narrow it to what this one permits; or let a refusal of the rest replace ${shown(refusal.id)}, and this one replace nothing.`;
  if (consent !== undefined) {
    const found = `${shown(before.id)}, beside which this one ${words.join(' and ')}`;
    return problem(['consents', i, 'supersedes'], expected, found, narrow);
  }
  const place = rows.findIndex((row) => row.id === before.id);
  return problem(
    ['consents', place, 'id'],
    expected,
    `${shown(before.id)} without ${shown(id)}, which replaced that`,
    `Keep ${shown(id)} in the file, with what it replaces, or ${shown(refusal.id)}; or withdraw ${shown(before.id)}.`,
  );
}
