import { givenFrom, type Papers, type Said } from './acting.ts';
import { usesReached } from './forbids.ts';
import { spanOf } from './moments.ts';
import { type Terms, usesPermitted } from './narrowed.ts';
import { isOver, listOf, textOf } from './raw.ts';
import type { Consent } from './schema.ts';

/** What is asked of a consent here, in a document of any shape. */
interface Saying {
  answer?: unknown;
  lifts?: unknown;
}

/** Ids of refusals that a consent lifts: they stay in force, and it permits by itself what it says (ADR 0198). */
export const liftedBy = ({ answer, lifts }: Saying): string[] =>
  answer === 'given' ? listOf(lifts).flatMap((id) => textOf(id) ?? []) : [];

/** Whether a consent lifts a refusal: not one that was said after the consent was given, as far as both days are known. */
export const lifts = (consent: Saying & Said, refusal: Said & { id: string }, papers: Papers): boolean =>
  liftedBy(consent).includes(refusal.id) && !isSaidSince(refusal, consent, papers);

export function isSaidSince(refusal: Said, consent: Said, papers: Papers): boolean {
  const [said, given] = [refusal.on ?? givenFrom(papers, refusal), givenFrom(papers, consent)];
  return said !== undefined && given !== undefined && spanOf(given).end < spanOf(said).start;
}

/** Ids of refusals that consents lift which have not ended, each with the ids of these. */
export function liftsOf(rows: readonly (Saying & Ending)[], now = Date.now()): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const row of rows)
    for (const id of isOver(row, now) ? [] : liftedBy(row))
      found.set(id, [...(found.get(id) ?? []), textOf(row.id) ?? '']);
  return found;
}

/** A refusal as far as a consent permits some of what it refuses; null: nothing of it. */
export function liftedPart<R extends Part>(refusal: R, consent: Part): R | null {
  const [all, permitted] = [listOf(refusal.titles), new Set<unknown>(usesPermitted(consent as Terms))];
  const titles = listOf(consent.titles).filter((title) => refusal.titles === 'all' || all.includes(title));
  const uses = usesReached({ uses: refusal.uses as Consent['uses'] }).filter((use) => permitted.has(use));
  const territories = placesOf(listOf(refusal.territories), listOf(consent.territories));
  const isAny = titles.length > 0 && uses.length > 0 && territories.length > 0;
  return isAny ? { ...refusal, titles, uses, territories } : null;
}

const placesOf = (refused: readonly unknown[], permitted: readonly unknown[]): readonly unknown[] =>
  refused.includes('world')
    ? permitted
    : refused.filter((one) => permitted.includes('world') || permitted.includes(one));

interface Part {
  titles?: unknown;
  uses?: unknown;
  territories?: unknown;
}

interface Ending {
  id?: unknown;
  until?: unknown;
  withdrawn?: unknown;
}
