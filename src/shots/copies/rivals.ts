import type { Copy } from './schema.ts';

/** Difference of likeness from which on one of two is the copy and the other one another take. */
const clearly = 0.03;

type Side = Copy['a'];
/** A pair seen from one of its shots. */
interface Seen {
  copy: Copy;
  own: Side;
  other: Side;
}

/**
 * Pairs without those that another explains better. What a shot shows comes in another film once, or as often as that film shows it
 * again: of two of its shots that lie on the same stretch, and are no copies of each other, the less like one is another take in
 * the same place, by the same steps.
 * @param fileOf the film of each shot
 */
export function withoutRivals(copies: readonly Copy[], fileOf: ReadonlyMap<string, string>): Copy[] {
  const pairs = new Set(copies.flatMap(({ a, b }) => [`${a.shot} ${b.shot}`, `${b.shot} ${a.shot}`]));
  const isOutdone = (one: Seen, rival: Seen): boolean =>
    rival.copy.similarity > one.copy.similarity + clearly &&
    overlapping(one.own, rival.own) &&
    !pairs.has(`${one.other.shot} ${rival.other.shot}`);
  const outdone = new Set<Copy>();
  for (const seen of byShotAndFilm(copies, fileOf)) {
    for (const one of seen) if (seen.some((rival) => isOutdone(one, rival))) outdone.add(one.copy);
  }
  return copies.filter((copy) => !outdone.has(copy));
}

/** The pairs of each shot with those of each other film. */
function byShotAndFilm(copies: readonly Copy[], fileOf: ReadonlyMap<string, string>): Iterable<Seen[]> {
  const seen = new Map<string, Seen[]>();
  const note = (copy: Copy, own: Side, other: Side) => {
    const [film, ofOwn] = [fileOf.get(other.shot), fileOf.get(own.shot)];
    if (film === ofOwn) return;
    const key = `${own.shot} ${film}`;
    seen.set(key, [...(seen.get(key) ?? []), { copy, own, other }]);
  };
  for (const copy of copies) {
    note(copy, copy.a, copy.b);
    note(copy, copy.b, copy.a);
  }
  return seen.values();
}

/** True where more than half of the shorter stretch lies on the other. */
function overlapping(one: Side, other: Side): boolean {
  const common = Math.min(one.out, other.out) - Math.max(one.in, other.in);
  return common > Math.min(one.out - one.in, other.out - other.in) / 2;
}
