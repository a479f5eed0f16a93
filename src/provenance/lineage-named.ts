import { targetsOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Named, type NameFinder, nameable, nameFinder } from '../rights/index.ts';
import { concernedParties } from './lineage-parties.ts';
import type { SnapshotSource } from './lineage-snapshot.ts';
import type { PartyLineage } from './schema.ts';
import type { Take } from './store.ts';

/** The words of the brief; empty where a withdrawal has removed them. */
export function wordsOf({ brief }: Pick<Take, 'brief'>): string {
  const text = (brief as { text?: unknown } | null)?.text;
  return typeof text === 'string' ? text : '';
}

/**
 * Whom a take concerns: by its datasets, and by the words of its brief. Today a brief is drawn only by models of a dataset that was
 * frozen for all whom it names (ADR 0127); earlier versions drew others, and the ledger may know a name since.
 */
export function concernedReader({ db }: Pick<Context, 'db'>) {
  // Names are made ready once, however many takes are read.
  let finding: Promise<NameFinder> | undefined;
  return async (take: Take, sources: readonly SnapshotSource[]): Promise<PartyLineage[]> => {
    finding ??= nameable(db).then(nameFinder);
    const targeted = sources.flatMap(({ snapshot }) => (snapshot ? targetsOf(snapshot) : []));
    const named = (await finding)(wordsOf(take)).filter(({ party }) => !targeted.includes(party));
    return [...sources.flatMap(concernedParties), ...named.map((one) => namedBy(take, one))];
  };
}

const namedBy = ({ briefId }: Take, { party, name }: Named): PartyLineage => ({
  ...{ id: party, name, title: `brief ${briefId}`, role: 'performer', share: null, row: party },
  basis: ['named'],
  standing: 'named by the words of the brief; no dataset behind the take was frozen for a replica',
});
