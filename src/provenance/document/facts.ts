import { BacklotError } from '../../contract/index.ts';
import { getSnapshot, type Snapshot } from '../../dataset/index.ts';
import type { Context } from '../../jobs/index.ts';
import { parseRate, rateNumber } from '../../media/index.ts';
import type { Ledger } from '../../rights/index.ts';
import { shippedModels } from '../../train/index.ts';
import { withdrawnOf } from '../blocks.ts';
import type { Document } from '../document-schema.ts';
import { modelChain } from '../lineage-models.ts';
import { concernedParties, grantsOf } from '../lineage-parties.ts';
import { type SnapshotSource, snapshotSource } from '../lineage-snapshot.ts';
import type { ModelLineage, PartyLineage, SnapshotLineage } from '../schema.ts';
import { type FileRow, readCaptionWriters, readModel, readModelsOf } from '../store.ts';
import { withdrawnWords } from '../words.ts';
import type { Holder } from './holdings.ts';
import { type TrainingFacts, trainingsOf } from './trainings.ts';

/** A dataset that a model, or one that it was made from, learned from. */
export interface DatasetFacts {
  snapshot: Snapshot;
  lineage: SnapshotLineage;
  /** People in its shots, and whose replicas it is for. */
  performers: PartyLineage[];
  holders: Holder[];
  /** Things of others in its titles, such as music, counted by kind. */
  materials: Record<string, number>;
  shots: number;
  /** Models that wrote captions of its clips, by name. */
  writers: string[];
  /** Of the shots that were trained on; null where not all of them are catalogued any more. */
  hours: number | null;
  /** Titles that its ledger cannot be asked about: it is not kept, does not name them, or their films are not known. */
  unnamed: string[];
  /** When its films were catalogued, first and last; null where none is known. */
  acquired: { first: string; last: string } | null;
  /** When the first model that learned from it was made. */
  firstUsed: string | null;
}

export interface ModelFacts {
  model: ModelLineage & { madeAt: string };
  chain: ModelLineage[];
  datasets: DatasetFacts[];
  trainings: TrainingFacts[];
  /** Bases of it that came with this Backlot or an earlier one, trained on rendered worlds alone. */
  rendered: ModelLineage[];
  /** Models that name no dataset and did not come with Backlot: of them there is a person's word (`origin`), or nothing. */
  outside: ModelLineage[];
  provider: { id: string; name: string } | null;
  gaps: string[];
  withdrawn: Document['withdrawn'];
}

/** What is recorded about a model's training. @throws BacklotError `no-such-model`, `no-such-party` */
export async function modelFacts(context: Context, id: string, provider?: string): Promise<ModelFacts> {
  const { db } = context;
  const row = await readModel(db, id);
  const { models: chain, gaps } = await modelChain(db, id);
  const [model] = chain;
  if (!row || !model) throw missing('no-such-model', 'the id of a model of this workspace', id);
  const sources = await Promise.all(
    [...new Set(chain.flatMap(({ snapshotId }) => snapshotId ?? []))].map((one) =>
      snapshotSource(db, one, 'all'),
    ),
  );
  const datasets: DatasetFacts[] = [];
  for (const source of sources) if (source.snapshot) datasets.push(await datasetFacts(context, source));
  const shipped = await shippedModels();
  return {
    model: { ...model, madeAt: row.madeAt.toISOString() },
    ...{ chain, datasets, trainings: await trainingsOf(context.paths.runs, chain) },
    rendered: chain.filter(({ kind, sha256 }) => kind === 'base' && shipped.has(sha256)),
    outside: chain.filter(
      ({ snapshotId, sha256, kind }) => !snapshotId && !shipped.has(sha256) && kind !== 'unknown',
    ),
    provider: provider === undefined ? null : partyIn(sources, provider),
    gaps: [...gaps, ...sources.flatMap((source) => source.gaps)],
    withdrawn: await withdrawnIn(context, chain, sources),
  };
}

/** The model and all that it was made from, as far as withdrawals have blocked them. */
async function withdrawnIn({ db }: Context, chain: ModelLineage[], sources: readonly SnapshotSource[]) {
  const models = chain.map(({ id }) => id);
  const datasets = sources.flatMap(({ snapshot }) => snapshot?.id ?? []);
  const items = [
    ...(await withdrawnOf(db, 'model', models)),
    ...(await withdrawnOf(db, 'snapshot', datasets)),
  ];
  const titles = sources.flatMap(({ ledger }) => ledger?.titles ?? []);
  return items.map((item) => {
    const name = titles.find(({ id }) => item.row === `titles/${id}`)?.name;
    return { ...item, words: withdrawnWords(item, name) };
  });
}

function partyIn(sources: readonly SnapshotSource[], id: string): { id: string; name: string } {
  const party = sources.flatMap(({ ledger }) => ledger?.parties ?? []).find((one) => one.id === id);
  if (party) return { id, name: party.name };
  throw missing('no-such-party', "a party of the ledger that the model's datasets were decided by", id);
}

const missing = (code: string, expected: string, found: string): BacklotError =>
  new BacklotError(code, {
    ...{ expected, where: 'provenance document', found },
    remedy: 'List the models with `backlot models`; the ledger file names its parties.',
  });

async function datasetFacts({ db }: Context, source: SnapshotSource): Promise<DatasetFacts> {
  const lineage = source.snapshot as SnapshotLineage;
  const snapshot = await getSnapshot(db, lineage.id);
  const masters = new Set(snapshot.sources.map(({ file }) => file));
  const files = source.files.filter(({ sha256 }) => masters.has(sha256));
  const made = (await readModelsOf(db, lineage.id)).map(({ madeAt }) => madeAt.toISOString()).sort();
  return {
    ...{ snapshot, lineage, ...concernedIn(source), unnamed: unnamedIn(source.ledger, lineage) },
    writers: await readCaptionWriters(db, lineage.id),
    shots: lineage.titles.reduce((sum, { shots }) => sum + shots.length, 0),
    ...{ materials: materialsIn(source.ledger, lineage), hours: hoursOf(source, lineage, files) },
    ...{ acquired: acquiredAt(files), firstUsed: made[0] ?? null },
  };
}

function concernedIn(source: SnapshotSource): Pick<DatasetFacts, 'performers' | 'holders'> {
  const parties = concernedParties(source);
  const grantsBy = ({ title, id }: PartyLineage) =>
    source.ledger && grantsOf(source.ledger, title, id, source.snapshot?.grants ?? null);
  return {
    performers: parties.filter(({ role }) => role === 'performer'),
    holders: parties
      .filter(({ role }) => role !== 'performer')
      .map((party) => ({ ...party, granted: grantsBy(party) })),
  };
}

const unnamedIn = (ledger: Ledger | null, { titles }: SnapshotLineage): string[] =>
  titles
    .filter(({ files }) => {
      const names = files.flatMap(({ name, sha256 }) => [name, sha256]);
      return !ledger?.titles.some((title) => title.files.some((file) => names.includes(file)));
    })
    .map(({ name }) => name);

function hoursOf(
  { shots }: SnapshotSource,
  { titles }: SnapshotLineage,
  files: readonly FileRow[],
): number | null {
  if (titles.some((title) => title.shots.some((id) => !shots.some((shot) => shot.id === id)))) return null;
  const rates = new Map(files.map(({ id, fps }) => [id, rateNumber(parseRate(fps))]));
  const seconds = shots.map(
    ({ fileId, inFrame, outFrame }) => (outFrame - inFrame) / (rates.get(fileId) ?? 24),
  );
  return seconds.reduce((sum, one) => sum + one, 0) / 3600;
}

function acquiredAt(files: readonly FileRow[]): DatasetFacts['acquired'] {
  const days = files.map(({ addedAt }) => addedAt.toISOString().slice(0, 10)).sort();
  const [first, last] = [days[0], days.at(-1)];
  return first === undefined || last === undefined ? null : { first, last };
}

function materialsIn(ledger: Ledger | null, { titles }: SnapshotLineage): Record<string, number> {
  const names = new Set(titles.flatMap(({ files }) => files.flatMap(({ name, sha256 }) => [name, sha256])));
  const here = (ledger?.materials ?? []).filter(({ file }) => names.has(file));
  return Object.fromEntries(
    [...Map.groupBy(here, ({ kind }) => kind)].map(([kind, rows]) => [kind, rows.length]),
  );
}
