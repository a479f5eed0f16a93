import type { Choice, Copy, Why } from './schema.ts';
import { type Ranked, type Worths, worthOf } from './worth.ts';

/** For which shot another is left out, who decided it, and why: null where a person did. */
export interface LeftOut {
  copyOf: string;
  by: 'person' | 'rule';
  why: Why | null;
  copy: Copy;
}

/**
 * Which shots are left out because another that shows the same stays. Of copies those stay that a person chose, the
 * newest choice first; else those that an archivist would keep (`worthOf`), whatever the order in which shots and pairs are given.
 * A shot is left out only for one that stays itself. Shots that one choice names together all stay.
 * @param choices the oldest first
 */
export function leftOut(
  shots: readonly Ranked[],
  copies: readonly Copy[],
  choices: readonly Choice[],
): Map<string, LeftOut> {
  const known = new Set(shots.map(({ id }) => id));
  const here = copies.filter(({ a, b }) => known.has(a.shot) && known.has(b.shot));
  const [age, worth] = [newestChoice(choices), worthOf(shots, here)];
  const undecided = linksOf(undisputed(here, choices));
  const out = new Map<string, LeftOut>();
  const leaveOut = (other: string, copyOf: string, copy: Copy) =>
    age.has(copyOf)
      ? out.set(other, { copyOf, by: 'person', why: null, copy })
      : out.set(other, { copyOf, by: 'rule', why: worth.why(copyOf, other), copy });
  for (const id of inOrder(known, age, worth)) {
    if (out.has(id)) continue;
    for (const { other, copy } of undecided.get(id) ?? []) {
      if (!out.has(other)) leaveOut(other, id, copy);
    }
  }
  return out;
}

/** Those first that stay before others. */
function inOrder(ids: Iterable<string>, age: ReadonlyMap<string, number>, worth: Worths): string[] {
  const chosen = (id: string) => age.get(id) ?? -1;
  return [...ids].sort((x, y) => chosen(y) - chosen(x) || worth.compare(x, y));
}

/** Copies that both stay because a person said so: datasets keep them on one side. */
export const keptTogether = (copies: readonly Copy[], out: ReadonlyMap<string, unknown>): Copy[] =>
  copies.filter(({ a, b }) => !out.has(a.shot) && !out.has(b.shot));

function newestChoice(choices: readonly Choice[]): Map<string, number> {
  return new Map(choices.flatMap(({ shots }, age) => shots.map((shot): [string, number] => [shot, age])));
}

/** Copies of which no person has said that both stay, as they differ enough. */
export const undisputed = (copies: readonly Copy[], choices: readonly Choice[]): Copy[] =>
  copies.filter(({ a, b }) => !areBothChosen(choices, a.shot, b.shot));

/** True where the newest choice that names either shot names both. */
function areBothChosen(choices: readonly Choice[], a: string, b: string): boolean {
  const newest = choices.findLast(({ shots }) => shots.includes(a) || shots.includes(b));
  return newest?.shots.includes(a) === true && newest.shots.includes(b);
}

/** The pairs of each shot, the same whatever their order. */
function linksOf(copies: readonly Copy[]) {
  const links = new Map<string, { other: string; copy: Copy }[]>();
  const link = (from: string, other: string, copy: Copy) => {
    const found = links.get(from) ?? [];
    links.set(from, found);
    found.push({ other, copy });
  };
  for (const copy of copies) {
    link(copy.a.shot, copy.b.shot, copy);
    link(copy.b.shot, copy.a.shot, copy);
  }
  return links;
}
