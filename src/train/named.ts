import { BacklotError, targetsOf } from '../contract/index.ts';
import { getSnapshot } from '../dataset/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Named, nameable, nameFinder } from '../rights/index.ts';
import { getModel } from './store.ts';

/** Words that are drawn by some models. */
interface Drawn {
  /** What an error calls the words. */
  where: string;
  text: string;
  models: readonly string[];
}

/**
 * Words that name people of the ledger ask for replicas. They are drawn by models of a dataset that was frozen for all of them alone: of
 * these the ledger is asked for the replicas, today, before takes are drawn (ADR 0096, 0105, 0127).
 * @param targeted the performers for whom a model is being trained
 * @returns the parties whom each of the words names, in their order
 * @throws BacklotError `not-cleared`
 */
export async function refuseNamed(
  { db }: Pick<Context, 'db'>,
  drawn: readonly Drawn[],
  targeted: readonly string[] = [],
): Promise<string[][]> {
  const find = nameFinder(drawn.length === 0 ? [] : await nameable(db));
  const parties: string[][] = [];
  for (const { where, text, models } of drawn) {
    const named = find(text);
    parties.push(named.map(({ party }) => party).sort());
    if (named.length === 0) continue;
    const frozenFor = [targeted, ...(await targetsOfModels(db, models))];
    const isForAll = (people: readonly string[]) => named.every(({ party }) => people.includes(party));
    if (!frozenFor.some(isForAll)) throw namesSomebody(where, named);
  }
  return parties;
}

/** For whom each dataset was frozen that models learned from, or those that they started from. */
async function targetsOfModels(db: Context['db'], models: readonly string[]): Promise<string[][]> {
  const targets: string[][] = [];
  const used = new Set(models);
  // A set that grows while it is walked is walked to its end.
  for (const id of used) {
    const { baseId, snapshotId } = await getModel(db, id);
    if (baseId !== null) used.add(baseId);
    if (snapshotId !== null) targets.push(targetsOf((await getSnapshot(db, snapshotId)).options));
  }
  return targets;
}

function namesSomebody(where: string, named: readonly Named[]): BacklotError {
  const people = named.map(({ party, name }) => `${name} (parties/${party})`).join(' and ');
  const all = named.length === 1 ? 'for whom' : 'for all of whom together';
  const options = named.map(({ party }) => `--performer ${party}`).join(' ');
  return new BacklotError('not-cleared', {
    expected: 'words that name nobody of the ledger, or a model of all performers whom they name',
    where,
    found: `${people}, ${all} none of the models was trained`,
    remedy: `Write what is to be seen without the names, or draw with a model that learned from a dataset frozen with ${options}: then the ledger is asked for the replicas.`,
  });
}
