import { basename, join } from 'node:path';
import { z } from 'zod';
import { takesBehind } from '../generate/index.ts';
import { type Context, jsonIn } from '../jobs/index.ts';
import { listVerdicts } from '../review/index.ts';
import { type Given, givenOf } from './lineage-given.ts';
import { modelsOf } from './lineage-models.ts';
import { concernedReader, wordsOf } from './lineage-named.ts';
import { type SnapshotSource, snapshotSource } from './lineage-snapshot.ts';
import type { Lineage, ModelLineage } from './schema.ts';
import { readTake, type Take } from './store.ts';

/** Where a take came from, read back through every stage. @throws BacklotError `no-such-take` */
export const lineageOf = (context: Context, takeId: string): Promise<Lineage> =>
  lineageReader(context)(takeId);

/** `lineageOf` for many takes: a snapshot that several share is read once. */
export function lineageReader(context: Context): (takeId: string) => Promise<Lineage> {
  const sources = new Map<string, Promise<SnapshotSource>>();
  const sourceOf = (id: string) => {
    const source = sources.get(id) ?? snapshotSource(context.db, id);
    sources.set(id, source);
    return source;
  };
  const concernedBy = concernedReader(context);
  return async (takeId) => {
    const take = await readTake(context.db, takeId);
    const own = givenTo(take);
    const behind = await takesBehind(
      context.db,
      own.map(({ sha256 }) => sha256),
    );
    const { models, gaps } = await modelsOf(context.db, take, behind);
    const found = await Promise.all(snapshotIds(models).map(sourceOf));
    const given = await givenOf(context.db, take, own, behind);
    const concerned = [...(await concernedBy(take, found)), ...given.parties];
    const lineage = assemble(take, models, found, { ...given, parties: concerned }, gaps);
    const engine = await engineOf(context, take.runId);
    return { ...lineage, take: { ...lineage.take, engine }, judged: await judgedOf(context, takeId) };
  };
}

/** What people said of a take, the oldest first. */
export const judgedOf = async ({ db }: Pick<Context, 'db'>, takeId: string) =>
  (await listVerdicts(db, takeId)).map(({ person, verdict, givenAt }) => ({ person, verdict, givenAt }));

const jobSchema = z.looseObject({ engine: z.string() });

/** Version of the engine that did a run; null where its job is gone, damaged or older than versions. */
const engineOf = async ({ paths }: Context, run: string): Promise<string | null> =>
  (await jsonIn(join(paths.runs, run, 'job.json'), jobSchema))?.engine ?? null;

const snapshotIds = (models: ModelLineage[]): string[] => [
  ...new Set(models.flatMap(({ snapshotId }) => snapshotId ?? [])),
];

/** The ledger names who owns what; rates of pay are in no ledger that Backlot reads yet. */
const noRates = 'The ledger says who owns and who appears, not what is owed to each: amounts are not known.';

function assemble(
  take: Take,
  models: ModelLineage[],
  sources: SnapshotSource[],
  { references, parties, gaps: unknown }: Given,
  gaps: string[],
): Lineage {
  return {
    version: 1,
    take: takePart(take),
    runId: take.runId,
    references,
    models,
    snapshots: sources.flatMap(({ snapshot }) => snapshot ?? []),
    parties,
    gaps: [
      ...[...unknown, ...gaps, ...sources.flatMap((source) => source.gaps)],
      ...(parties.length > 0 ? [noRates] : []),
    ],
  };
}

const givenSchema = z.looseObject({
  references: z.array(z.looseObject({ role: z.string(), path: z.string(), sha256: z.string() })).default([]),
});

/** What the brief gave beside words, by name and content; the folder is this machine's affair. */
export const givenTo = ({ brief }: Take): Lineage['references'] =>
  (givenSchema.safeParse(brief).data?.references ?? []).map(({ role, path, sha256 }) => ({
    ...{ role, name: basename(path), sha256 },
  }));

function takePart(take: Take): Lineage['take'] {
  const { id, candidate, seed, rawSha256, videoSha256 } = take;
  const madeAt = take.madeAt.toISOString();
  const words = wordsOf(take);
  const removed = (take.brief as { caption?: { removed?: string } } | null)?.caption?.removed;
  const own = { id, brief: take.briefId, text: words, candidate, seed, rawSha256, videoSha256, madeAt };
  return { ...own, ...(removed === undefined ? {} : { removed }) };
}
