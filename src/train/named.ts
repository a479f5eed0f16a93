import { BacklotError } from '../contract/index.ts';
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
 * Words that name somebody of the ledger ask for a replica. They are drawn by models of that performer alone: of these the ledger is
 * asked for the replica, today, before takes are drawn (ADR 0096, 0105).
 * @param targeted the performer for whom a model is being trained
 * @throws BacklotError `not-cleared`
 */
export async function refuseNamed(
  { db }: Pick<Context, 'db'>,
  drawn: readonly Drawn[],
  targeted?: string,
): Promise<void> {
  const find = nameFinder(drawn.length === 0 ? [] : await nameable(db));
  for (const { where, text, models } of drawn) {
    const named = find(text).filter(({ party }) => party !== targeted);
    if (named.length === 0) continue;
    const performers = await performersOf(db, models);
    const stranger = named.find(({ party }) => !performers.has(party));
    if (stranger) throw namesSomebody(where, stranger);
  }
}

/** For whom the datasets were frozen that models learned from, or those that they started from. */
async function performersOf(db: Context['db'], models: readonly string[]): Promise<Set<string>> {
  const performers = new Set<string>();
  const used = new Set(models);
  // A set that grows while it is walked is walked to its end.
  for (const id of used) {
    const { baseId, snapshotId } = await getModel(db, id);
    if (baseId !== null) used.add(baseId);
    const performer = snapshotId === null ? undefined : (await getSnapshot(db, snapshotId)).options.performer;
    if (performer !== undefined) performers.add(performer);
  }
  return performers;
}

const namesSomebody = (where: string, { party, name }: Named): BacklotError =>
  new BacklotError('not-cleared', {
    expected: 'words that name nobody of the ledger, or a model of the performer whom they name',
    where,
    found: `${name} (parties/${party}), for whom none of the models was trained`,
    remedy: `Write what is to be seen without the name, or draw with a model that learned from a dataset frozen with --performer ${party}: then the ledger is asked for the replica.`,
  });
