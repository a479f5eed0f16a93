import type { Choice, Copy } from './schema.ts';

/** A shot among which copies are left out. */
export interface Ranked {
  id: string;
  frames: number;
  /** Pixels of its film's picture. */
  pixels: number;
}

/** For which shot another is left out, and who decided it. */
export interface LeftOut {
  copyOf: string;
  by: 'person' | 'rule';
  copy: Copy;
}

/**
 * Which shots are left out because another that shows the same stays. Of copies those stay that a person chose, the
 * newest choice first; else the longest, then the one with the larger picture, then the first in the order given.
 * A shot is left out only for one that stays itself. Shots that one choice names together all stay.
 * @param choices the oldest first
 */
export function leftOut(
  shots: readonly Ranked[],
  copies: readonly Copy[],
  choices: readonly Choice[],
): Map<string, LeftOut> {
  const age = newestChoice(choices);
  const links = linksOf(copies, shots);
  const out = new Map<string, LeftOut>();
  const stays = new Set<string>();
  for (const { id } of inOrder(shots, age)) {
    if (out.has(id)) continue;
    stays.add(id);
    const by = age.has(id) ? 'person' : 'rule';
    const copied = (links.get(id) ?? []).filter(({ other }) => !stays.has(other) && !out.has(other));
    for (const { other, copy } of copied) {
      if (!areBothChosen(choices, id, other)) out.set(other, { copyOf: id, by, copy });
    }
  }
  return out;
}

/** Those first that stay before others. */
function inOrder(shots: readonly Ranked[], age: ReadonlyMap<string, number>): Ranked[] {
  const chosen = ({ id }: Ranked) => age.get(id) ?? -1;
  return shots.toSorted((x, y) => chosen(y) - chosen(x) || y.frames - x.frames || y.pixels - x.pixels);
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

function linksOf(copies: readonly Copy[], shots: readonly Ranked[]) {
  const known = new Set(shots.map(({ id }) => id));
  const links = new Map<string, { other: string; copy: Copy }[]>();
  const link = (from: string, other: string, copy: Copy) =>
    links.set(from, [...(links.get(from) ?? []), { other, copy }]);
  for (const copy of copies) {
    const [a, b] = [copy.a.shot, copy.b.shot];
    if (!known.has(a) || !known.has(b)) continue;
    link(a, b, copy);
    link(b, a, copy);
  }
  return links;
}
