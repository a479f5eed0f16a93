import { z } from 'zod';
import { targetsOf } from '../../contract/index.ts';
import type { Context } from '../../jobs/index.ts';
import { adaptersOf } from '../lineage-models.ts';
import {
  readAncestry,
  readReplicasMade,
  readSnapshots,
  readTakesReached,
  readUnrecordedTakes,
  type Take,
} from '../store.ts';
import type { Replica } from './claims.ts';
import { secondsOf } from './fraction.ts';
import { byLedger, type LedgersThen, type Names, namesIn, noteNames } from './ledgers.ts';
import type { Moment } from './moment.ts';
import type { Period } from './period.ts';

type Db = Context['db'];

export interface FoundReplicas {
  replicas: Replica[];
  names: Names;
  notKnown: string[];
}

/**
 * Takes of the period whose briefs named performers, as was recorded when they were drawn: words may be gone since, and ledgers and the
 * ways to find a name may be others.
 */
export async function replicasMade(
  db: Db,
  period: Period,
  asOf: Moment,
  ledgers: LedgersThen,
): Promise<FoundReplicas> {
  const takes = await readReplicasMade(db, period);
  const reached = await readTakesReached(db, period, asOf);
  return {
    replicas: takes.flatMap((take) => replicaOf(take, reached.get(take.id)) ?? []),
    names: await namesOf(db, takes, ledgers),
    notKnown: [...takes.flatMap(lengthless), ...(await unrecorded(db, period))],
  };
}

function replicaOf(take: Take, reached: Date | undefined): Replica | null {
  const seconds = lengthOf(take);
  if (!seconds) return null;
  return {
    ...{ take: take.id, madeAt: take.madeAt.toISOString(), run: take.runId, models: drawnBy(take) },
    ...{ seconds, performers: take.replicaOf ?? [], withdrawn: reached?.toISOString() ?? null },
  };
}

const lengthOf = ({ frames, fps }: Take) => (frames === null || fps === null ? null : secondsOf(frames, fps));

const lengthless = (take: Take): string[] =>
  lengthOf(take)
    ? []
    : [`Take ${take.id}: how long it is is not recorded, so it is not counted as a replica.`];

const drawnBy = (take: Pick<Take, 'modelId' | 'brief'>): string[] => [
  ...new Set([take.modelId, ...adaptersOf(take).map(({ id }) => id)]),
];

/** Names by the ledgers that were in force when takes were drawn. */
async function namesOf(db: Db, takes: readonly Take[], ledgers: LedgersThen): Promise<Names> {
  const names: Names = new Map();
  for await (const { ledger } of byLedger(db, ledgers, takes)) if (ledger) noteNames(names, namesIn(ledger));
  return names;
}

/** Takes of earlier versions that may be replicas: what was drawn by models that learned for nobody is none. */
async function unrecorded(db: Db, period: Period): Promise<string[]> {
  const runs = await readUnrecordedTakes(db, period);
  if (runs.length === 0) return [];
  const mayKnow = await performersReader(db);
  return runs
    .filter((run) => drawnBy(run).some(mayKnow))
    .map(
      ({ runId, takes }) =>
        `Takes of ${runId}: ${takes} that an earlier version drew, with models that learned, or may have, for replicas of performers. ` +
        'Whom their briefs named was not recorded, so of whom they are replicas is not known.',
    );
}

const optionsSchema = z.looseObject({
  options: z.looseObject({
    ...{ performers: z.array(z.string()).optional(), performer: z.string().nullish() },
  }),
});

/** Whether a model, or one that it was made from, learned from a dataset frozen for performers, or that cannot be told any more. */
async function performersReader(db: Db): Promise<(model: string) => boolean> {
  const models = await readAncestry(db);
  const targets = new Map(
    (await readSnapshots(db)).map(({ id, record }) => [id, optionsSchema.safeParse(record).data?.options]),
  );
  const isFor = (snapshot: string): boolean => {
    const options = targets.get(snapshot);
    return !options || targetsOf(options).length > 0;
  };
  return (model) => {
    const chain = new Set([model]);
    // A set that grows while it is walked is walked to its end.
    for (const id of chain) {
      const row = models.get(id);
      if (!row || (row.snapshotId !== null && isFor(row.snapshotId))) return true;
      if (row.baseId !== null) chain.add(row.baseId);
    }
    return false;
  };
}
