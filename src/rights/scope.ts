import { givenFrom, isGiven, type Said } from './acting.ts';
import type { Ask } from './ask.ts';
import { housesOf, isToAnother } from './house.ts';
import { beginsAfter, daysBetween, endsBefore, inDays, isWithdrawn, touches } from './moments.ts';
import type { Grant, Ledger, Miss } from './schema.ts';
import { type OutputKind, type Trainer, type Use, unnamedTrainers } from './uses.ts';

/** Where a row holds. A list that is left out does not narrow, but that permissions are for in-house training. */
export interface Scope {
  uses: readonly Use[] | 'all';
  territories: readonly string[];
  from?: string | undefined;
  until?: string | undefined;
  models?: readonly string[] | undefined;
  trainers?: readonly Trainer[] | undefined;
  outputs?: readonly OutputKind[] | undefined;
}

/**
 * Every dimension in which a grant does not reach what is asked, each with by how much; none: it covers it.
 */
export function missesOf(grant: Grant, ledger: Ledger, ask: Ask): Miss[] {
  const grantor = ledger.parties.find(({ id }) => id === grant.grantor);
  const withdrawn = [grant, ...(grantor ? [grantor] : [])].filter((row) => isWithdrawn(row, ask.at));
  return [
    ...withdrawn.map(({ id, withdrawn: since = ask.asOf }) =>
      miss('withdrawn', 'withdrawn', `${id} was withdrawn on ${since}`, daysBetween(since, ask.asOf)),
    ),
    ...scopeMisses(grant, ask),
    ...givenMisses(grant, ledger, ask),
    ...granteeMisses(grant, ledger),
  ];
}

/** Whoever trains or makes takes for the house does it by what the house was granted. */
const granteeMisses = (grant: Grant, ledger: Ledger): Miss[] =>
  isToAnother(grant, ledger)
    ? [
        miss(
          'grantee',
          'grantee',
          `is given to ${grant.grantee}, not to ${housesOf(ledger).join()}, whose house this is`,
        ),
      ]
    : [];

/** @param days distance of a window, or since what permitted was withdrawn */
export const miss = (
  dimension: Miss['dimension'],
  rule: Miss['rule'],
  message: string,
  days: number | null = null,
): Miss => ({ dimension, rule, message, days });

/** Use, territory, model, trainer, output and window of a row against what is asked. */
export const scopeMisses = (row: Scope, ask: Ask): Miss[] => [
  ...useMisses(row, ask),
  ...territoryMisses(row, ask),
  ...listMisses(row, ask),
  ...windowMisses(row, ask),
];

/** Whether it permits the use, by name or by what its uses include. */
export const isForUse = ({ uses }: Pick<Scope, 'uses'>, { coveredBy }: Pick<Ask, 'coveredBy'>): boolean =>
  uses === 'all' || uses.some((use) => coveredBy.includes(use));

const useMisses = (row: Scope, ask: Ask): Miss[] =>
  row.uses === 'all' || isForUse(row, ask)
    ? []
    : [miss('use', 'use_not_granted', `permits ${listed(row.uses)}, not ${ask.use}`)];

const territoryMisses = ({ territories }: Scope, { territory }: Ask): Miss[] =>
  territories.includes('world') || territories.includes(territory)
    ? []
    : [miss('territory', 'territory', `permits ${listed(territories)}, not ${territory}`)];

function listMisses({ models, trainers = unnamedTrainers, outputs }: Scope, ask: Ask): Miss[] {
  const { model, trainer, output } = ask;
  const modelFits = !models || (model !== null && models.includes(model));
  const outputFits = !outputs || outputs.some((kind) => ask.outputCoveredBy.includes(kind));
  return [
    ...(modelFits
      ? []
      : [miss('model', 'model', `permits the models ${listed(models)}, not ${model ?? 'any'}`)]),
    ...(trainers.includes(trainer)
      ? []
      : [miss('trainer', 'trainer', `permits ${listed(trainers)} training, not ${trainer}`)]),
    ...(outputFits
      ? []
      : [miss('output', 'output', `permits ${listed(outputs)} takes, not ${output ?? 'any'}`)]),
  ];
}

function windowMisses(row: Scope, { at, asOf }: Ask): Miss[] {
  const { from, until } = row;
  const late = from !== undefined && beginsAfter(row, at) ? daysBetween(from, asOf) : null;
  const over = until !== undefined && endsBefore(row, at) ? daysBetween(until, asOf) : null;
  return [
    ...(late === null
      ? []
      : [miss('from', 'not_begun', `begins ${from}, ${inDays(late)} after ${asOf}`, late)]),
    ...(over === null
      ? []
      : [miss('until', 'expired', `ended ${until}, ${inDays(over)} before ${asOf}`, over)]),
  ];
}

/** What is given or signed after the moment does not bind yet, whatever its window says. */
export function givenMisses(said: Said, ledger: Ledger, { at, asOf }: Ask): Miss[] {
  const from = givenFrom(ledger, said);
  if (from === undefined || isGiven(ledger, said, at)) return [];
  const days = daysBetween(from, asOf);
  return [miss('from', 'not_begun', `was not given before ${from}, ${inDays(days)} after ${asOf}`, days)];
}

const listed = (values: readonly string[]): string => values.toSorted().join(', ');

/** What forbids applies as soon as it touches what is asked: the whole world includes each of its parts. */
export const reaches = (row: Scope, ask: Ask): boolean =>
  (row.uses === 'all' || row.uses.some((use) => ask.includes.includes(use))) &&
  (ask.territory === 'world' ||
    row.territories.includes('world') ||
    row.territories.includes(ask.territory)) &&
  (!row.models || ask.model === null || row.models.includes(ask.model)) &&
  (!row.trainers || row.trainers.includes(ask.trainer)) &&
  (!row.outputs || ask.output === null || row.outputs.some((kind) => ask.outputIncludes.includes(kind))) &&
  touches(row, ask.at);

export const concerns = (row: { titles: readonly string[] | 'all' }, title: string | null): boolean =>
  row.titles === 'all' || (title !== null && row.titles.includes(title));
