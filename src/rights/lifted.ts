import { spanOf } from './moments.ts';
import { narrowedWords, titlesGone, usesPermitted } from './narrowed.ts';
import { isOver, type Problem, problem, type Row, type Section, shown } from './raw.ts';
import { type Consent, consentSchema } from './schema.ts';
import { includedIn, type Use } from './uses.ts';

/**
 * Older consents that a refusal overruled, and that would permit again, more than the consent does which replaces it: who lifts a refusal for something
 * has not said yes to the rest.
 * @param document holds all consents that will stand
 * @param theirs consents of the same party that will stand
 * @param now milliseconds since 1970: what has ended by then permits nothing again
 */
export function liftedProblems(
  [section, i]: [Section, number],
  row: Row,
  old: Row,
  theirs: readonly Row[],
  now = Date.now(),
): Problem[] {
  if (section !== 'consents' || old.answer !== 'refused' || row.answer !== 'given') return [];
  const [refusal, consent] = [old, row].map((one) => consentSchema.safeParse(one).data);
  if (!refusal || !consent) return [];
  const replaced = new Set(theirs.map(({ supersedes }) => supersedes));
  return theirs.flatMap((one) => {
    const before = consentSchema.safeParse(one).data;
    if (!before || before.id === consent.id || replaced.has(before.id)) return [];
    const words = stands(before, now) ? permitsAgain(before, refusal, consent) : [];
    return words.length === 0 ? [] : [lifted([section, i], refusal, before, words)];
  });
}

const stands = (row: Consent, now: number): boolean => row.answer === 'given' && !isOver(row, now);

/** A withdrawal of a day to come is the end of it too. */
const endOf = ({ until, withdrawn }: Consent): string | undefined =>
  [until, withdrawn]
    .filter((one) => one !== undefined)
    .sort((a, b) => spanOf(a).end - spanOf(b).end)
    .at(0);

/** What an older consent permits that the refusal forbade, and the consent in the refusal's place does not permit. */
function permitsAgain(before: Consent, refusal: Consent, consent: Consent): string[] {
  const titles = listIn(before.titles).filter(
    (title) => refusal.titles === 'all' || refusal.titles.includes(title),
  );
  const uses = usesPermitted(before).filter((use) => isRefused(use, refusal));
  const isSomewhere = [before, refusal].some(({ territories }) => territories.includes('world'));
  const isThere = isSomewhere || before.territories.some((one) => refusal.territories.includes(one));
  if (titles.length === 0 || uses.length === 0 || !isThere) return [];
  const gone = titlesGone({ titles }, consent);
  return [
    ...(gone.length > 0 ? [`is not for ${gone.join(', ')}`] : []),
    ...narrowedWords(
      { ...before, uses, from: undefined, until: endOf(before) },
      { ...consent, from: undefined, until: endOf(consent) },
    ),
  ];
}

const listIn = (titles: Consent['titles']): readonly string[] => (titles === 'all' ? [] : titles);

const isRefused = (use: Use, { uses }: Consent): boolean =>
  uses === 'all' || includedIn(use).some((one) => uses.includes(one));

const lifted = (
  [section, i]: [Section, number],
  refusal: Consent,
  before: Consent,
  words: readonly string[],
): Problem =>
  problem(
    [section, i, 'supersedes'],
    `no older consent that permits again what ${shown(refusal.id)} refused`,
    `${shown(before.id)}, beside which this one ${words.join(' and ')}`,
    `Withdraw ${shown(before.id)}, or narrow it to what this one permits; or let a refusal of the rest replace ${shown(refusal.id)}, and this one replace nothing.`,
  );
