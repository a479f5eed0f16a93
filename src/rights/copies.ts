import { conclude } from './decide.ts';
import type { Reason, ShotDecision } from './schema.ts';

/** Two shots that show the same, as the shots stage has found: what must not be used of one must not be used as the other. */
export type Pair = readonly [string, string];

type Decided = Pick<ShotDecision, 'shotId' | 'outcome' | 'reasons'>;

/** That nobody knows whose a shot is, or has said who and what is in it, says nothing of another one. */
const unknown: readonly string[] = ['unknown', 'cast_not_stated', 'materials_not_stated'];

/** What another shot says about one that shows the same: the reason that counts first against it, for a person to look at. */
export function copyReasons(others: readonly Decided[]): Reason[] {
  return others.flatMap(({ shotId, reasons }) => {
    const [against] = reasons.filter(({ rule }) => !unknown.includes(rule));
    const message = `it shows what ${shotId} shows, and of that: ${against?.message} (${against?.row})`;
    return against ? [{ rule: 'copy_of_refused' as const, row: `shots/${shotId}`, message }] : [];
  });
}

/** A decision with what others say. */
export function withOthers<D extends Decided>(decision: D, others: readonly Decided[]): D {
  const told = copyReasons(others);
  return told.length === 0 ? decision : { ...decision, ...conclude([...decision.reasons, ...told]) };
}

/** Decisions, each with what those on its copies say: each shot is decided by itself first, so that nothing goes on from copy to copy. */
export function withCopies<D extends Decided>(decisions: readonly D[], pairs: readonly Pair[]): D[] {
  if (pairs.length === 0) return [...decisions];
  const alone = new Map(decisions.map((decision) => [decision.shotId, decision]));
  const others = othersOf(pairs);
  return decisions.map((decision) =>
    withOthers(
      decision,
      (others.get(decision.shotId) ?? []).flatMap((id) => alone.get(id) ?? []),
    ),
  );
}

function othersOf(pairs: readonly Pair[]): Map<string, string[]> {
  const both = pairs.flatMap(([a, b]): Pair[] => [
    [a, b],
    [b, a],
  ]);
  const grouped = Map.groupBy(both, ([shot]) => shot);
  return new Map([...grouped].map(([shot, found]) => [shot, found.map(([, other]) => other)]));
}

/** The shots with all that show the same, over any number of steps. */
export function withAlike(shots: Iterable<string>, pairs: readonly Pair[]): Set<string> {
  const others = othersOf(pairs);
  const found = new Set(shots);
  // A set that grows while it is walked is walked to its end.
  for (const shot of found) for (const other of others.get(shot) ?? []) found.add(other);
  return found;
}
