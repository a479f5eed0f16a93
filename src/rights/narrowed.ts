import { spanOf } from './moments.ts';
import { type Use, unnamedTrainers, uses, widerUses } from './uses.ts';

/** Terms of a row that permits. Lists that are left out do not narrow, but that training is in-house then. */
export interface Terms {
  uses?: readonly Use[] | 'all' | undefined;
  titles?: readonly string[] | 'all' | undefined;
  territories?: readonly string[] | undefined;
  from?: string | undefined;
  until?: string | undefined;
  models?: readonly string[] | undefined;
  trainers?: readonly string[] | undefined;
  outputs?: readonly string[] | undefined;
}

/** What a permission no longer says, in words; none: it is as wide as before. Titles apart: another row tells of those. */
export function narrowedWords(before: Terms, now: Terms): string[] {
  const gone = listIn(before.uses).filter((use) => !permits(now, use));
  return [
    ...(gone.length > 0 ? [`no longer permits ${gone.join(', ')}`] : []),
    ...onlyIn('territories', before.territories, now.territories, 'world'),
    ...(startOf(now) > startOf(before) ? [`begins ${now.from}`] : []),
    ...(endOf(now) < endOf(before) ? [`ends ${now.until}`] : []),
    ...onlyIn('models', before.models, now.models),
    ...onlyIn('trainers', before.trainers ?? unnamedTrainers, now.trainers ?? unnamedTrainers),
    ...onlyIn('outputs', before.outputs, now.outputs),
  ];
}

const startOf = ({ from }: Terms): number => (from === undefined ? -Infinity : spanOf(from).start);
const endOf = ({ until }: Terms): number => (until === undefined ? Infinity : spanOf(until).end);

export const titlesGone = (before: Terms, now: Terms): string[] =>
  listIn(before.titles).filter((title) => !listIn(now.titles).includes(title));

/** All uses that a row permits, with those that they include. */
export const usesPermitted = (terms: Terms): Use[] => uses.filter((use) => permits(terms, use));

const permits = ({ uses: named }: Terms, use: Use): boolean =>
  widerUses(use).some((one) => listIn(named).includes(one));

/** Who permits names what: "all" stands in rows that refuse alone. */
const listIn = <T extends string>(named: readonly T[] | 'all' = []): readonly T[] =>
  named === 'all' ? [] : named;

function onlyIn(
  what: string,
  before: readonly string[] | undefined,
  now: readonly string[] | undefined,
  all?: string,
): string[] {
  if (now === undefined || (all !== undefined && now.includes(all))) return [];
  const isLess = before === undefined || before.some((one) => !now.includes(one));
  return isLess ? [`is for the ${what} ${now.join(', ')} alone`] : [];
}
