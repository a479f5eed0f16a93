import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { modelsUsed, type Read, type Used } from '../generate/index.ts';
import { notCleared, today, type Use } from '../rights/index.ts';
import { type AskedOf, askedOf, frozenFor } from './import-refused.ts';
import { neededOf } from './reach.ts';
import { clipsOf } from './reach-uses.ts';

/** Other programs ask nobody what an adapter may be used for: what it learned from is asked about when it leaves (ADR 0190). */

/** A dataset that a model learned from, with what it was asked for then. */
interface Learned {
  id: string;
  asked: AskedOf;
}

/**
 * Decides, for today, on every shot that an adapter learned from, or what it started from, for the training that it was.
 * @param inputs weights that the job reads
 * @throws BacklotError `not-cleared` with the reasons
 */
export async function clearLeaving(db: Db, inputs: readonly Read[]): Promise<void> {
  const learned = (await modelsUsed(db, inputs)).flatMap(learnedBy);
  for (const [key, alike] of Map.groupBy(learned, ({ asked }) => JSON.stringify(asked))) {
    const ask = { ...(JSON.parse(key) as AskedOf), asOf: today() };
    const clips = await clipsOf(db, alike, null);
    const shots = [...new Set(clips.map(({ shot }) => shot))];
    const found = await notCleared({ db }, shots, ask);
    if (found) throw leaving(allowed(ask), found);
  }
}

/** Of a model from outside nothing is known here; what is said of one is for who draws with it. */
function learnedBy({ name, kind, snapshotId: id, record }: Used): Learned[] {
  if (id === null) return [];
  if (!record) throw leaving('what it learned from to be here', `dataset ${id} of "${name}" is not`);
  const asked = JSON.parse(askedOf({ record })) as AskedOf;
  return neededOf(kind, frozenFor(record)).map((use) => ({ id, asked: { ...asked, use: use as Use } }));
}

const allowed = ({ use, territory, asOf }: AskedOf & { asOf: string }): string =>
  `every shot that the adapter, or what it started from, learned from to be allowed for ${use} in ${territory} on ${asOf}`;

const leaving = (expected: string, found: string): BacklotError =>
  new BacklotError('not-cleared', {
    expected,
    where: 'adapter export',
    found,
    remedy:
      'Have the ledger permit it, or freeze a dataset without these shots and train on that. A withdrawal (`backlot rights revoke`) lists what left before.',
  });
