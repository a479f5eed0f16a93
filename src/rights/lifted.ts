import { givenFrom, type Papers } from './acting.ts';
import { forbidsLess } from './forbids.ts';
import { spanOf } from './moments.ts';
import { narrowedWords, titlesGone, usesPermitted } from './narrowed.ts';
import { isOver } from './raw.ts';
import type { Consent } from './schema.ts';
import { includedIn, type Use } from './uses.ts';

/** A consent that stands in the place of a refusal, itself or in the place of another that did; none, where it is gone, and the refusal too. */
export interface Lift {
  refusal: Consent;
  consent: Consent | undefined;
}

/** What stands of the same party, and what is known of it. */
export interface Beside {
  theirs: readonly Consent[];
  /** The refusal that a consent has replaced, by the consent's id. */
  liftedBy: ReadonlyMap<string, Consent>;
  papers: Papers;
  /** Milliseconds since 1970: what has ended by then permits and refuses nothing again. */
  now: number;
}

/** An older consent that permits again what a refusal overruled: of which titles and uses, and how in words. */
export interface Again {
  before: Consent;
  titles: readonly string[];
  uses: readonly Use[];
  words: string[];
}

/**
 * Older consents that a refusal overruled, and that would permit again, title by title, more than the consent does which replaced it, or one said since: who lifts a
 * refusal for something has not said yes to the rest, and who withdraws or narrows that has not gone back to what was said before the refusal.
 */
export function permittedAgain(lift: Lift, beside: Beside): Again[] {
  const { theirs, now } = beside;
  if (isOver(lift.refusal, now)) return [];
  const since = new Set(theirs.filter((one) => isSaidSince(one, lift, beside)));
  const covering = [...since].filter((one) => permits(one, now) && isGivenBy(one, beside));
  return theirs.flatMap((before) => {
    if (before.id === lift.consent?.id || since.has(before) || !permits(before, now)) return [];
    const both = overruled(before, lift.refusal);
    if (both === null) return [];
    const titles = both.titles.filter((title) => {
      const part = { titles: [title], uses: both.uses };
      return (
        wordsBeside(before, part, lift, beside).length > 0 &&
        covering.every((one) => moreWords(before, part, one, now).length > 0)
      );
    });
    const words = wordsBeside(before, { ...both, titles }, lift, beside);
    return titles.length === 0 ? [] : [{ before, titles, uses: both.uses, words }];
  });
}

/**
 * What somebody said after the refusal and not before the consent in its place, or in the same refusal's place, is no older word: until that consent was said the refusal overruled
 * it too. What was said after its end is none either, but before the refusal nothing is.
 */
export function isSaidSince(one: Consent, { refusal, consent }: Lift, { liftedBy, papers }: Beside): boolean {
  if (one.answer !== 'given' || one.id === consent?.id) return false;
  const lifted = liftedBy.get(one.id);
  const said = givenFrom(papers, one) ?? (lifted && givenFrom(papers, lifted));
  const [no, yes] = [refusal, consent].map((row) => row && givenFrom(papers, row));
  // With the consent in its place others may be given, on the same day or paper.
  const isAfter = (no ?? yes) !== undefined && startOf(said) > startOf(no) && startOf(said) >= startOf(yes);
  const isAfterEnd =
    said !== undefined &&
    startOf(said) >= startOf(consent?.withdrawn, Infinity) &&
    startOf(said) >= startOf(no);
  return lifted?.id === refusal.id || isAfter || isAfterEnd;
}

/** Before the day on which it was said a consent permits nothing. */
const isGivenBy = (one: Consent, { papers, now }: Beside): boolean => startOf(givenFrom(papers, one)) <= now;

const startOf = (moment: string | undefined, none = -Infinity): number =>
  moment === undefined ? none : spanOf(moment).start;

export const permits = (row: Consent, now: number): boolean => row.answer === 'given' && !isOver(row, now);

/** A withdrawal of a day to come is the end of it too. */
const endOf = ({ until, withdrawn }: Consent): string | undefined =>
  [until, withdrawn]
    .filter((one) => one !== undefined)
    .sort((a, b) => spanOf(a).end - spanOf(b).end)
    .at(0);

type Both = Pick<Again, 'titles' | 'uses'>;

/** What of a consent a refusal overrules. */
export function overruled(before: Consent, refusal: Consent): Both | null {
  const titles = listIn(before.titles).filter(
    (title) => refusal.titles === 'all' || refusal.titles.includes(title),
  );
  const uses = usesPermitted(before).filter((use) => isRefused(use, refusal));
  const isSomewhere = [before, refusal].some(({ territories }) => territories.includes('world'));
  const isThere = isSomewhere || before.territories.some((one) => refusal.territories.includes(one));
  return titles.length === 0 || uses.length === 0 || !isThere ? null : { titles, uses };
}

/** What an older consent permits of it, and another one does not, or not yet. */
function moreWords(before: Consent, { titles, uses }: Both, consent: Consent | undefined, now: number) {
  if (consent === undefined) return ['permits it alone'];
  const gone = titlesGone({ titles }, consent);
  const isToCome = startOf(consent.from) > now;
  const [was, is] = isToCome ? [before.from, consent.from] : [undefined, undefined];
  return [
    ...(gone.length > 0 ? [`is not for ${gone.join(', ')}`] : []),
    ...narrowedWords(
      { ...before, uses, from: was, until: endOf(before) },
      { ...consent, from: is, until: endOf(consent) },
    ),
  ];
}

/** What the consent in the refusal's place does not permit of it; where another refusal stands, or does once that has ended, its end does not count. */
function wordsBeside(before: Consent, both: Both, lift: Lift, { theirs, now }: Beside): string[] {
  const { consent } = lift;
  if (isRefusedFrom(now, both, lift, theirs)) return [];
  const end = consent === undefined || isOver(consent, now) ? undefined : endOf(consent);
  const then = afterEnd(consent, end);
  const isRefused = then !== undefined && isRefusedFrom(then, both, lift, theirs);
  const endless = consent && isRefused ? { ...consent, until: undefined, withdrawn: undefined } : consent;
  return moreWords(before, both, endless, now);
}

/** The first moment after an end. */
function afterEnd(consent: Consent | undefined, end: string | undefined): number | undefined {
  if (end === undefined) return undefined;
  return end === consent?.withdrawn ? spanOf(end).start : spanOf(end).end + 1;
}

/** Whether another refusal stands from then on. */
function isRefusedFrom(then: number, both: Both, { refusal }: Lift, theirs: readonly Consent[]): boolean {
  const from = new Date(Math.max(then, startOf(refusal.from))).toISOString();
  const part = { ...refusal, titles: both.titles, uses: both.uses, from };
  return theirs.some((one) => one.answer === 'refused' && forbidsLess(part, one).length === 0);
}

const listIn = (titles: Consent['titles']): readonly string[] => (titles === 'all' ? [] : titles);

const isRefused = (use: Use, { uses }: Consent): boolean =>
  uses === 'all' || includedIn(use).some((one) => uses.includes(one));
