import { z } from 'zod';
import { targetsOf } from '../../contract/index.ts';
import type { Context } from '../../jobs/index.ts';
import type { Ledger, NamedFile } from '../../rights/index.ts';
import type { ShotRow, SnapshotRow } from '../store.ts';
import { type ClipRow, readClips, readFiles, readModelsOfRun, readShots, readSnapshots } from '../store.ts';
import type { Holders, Seen, Training } from './claims.ts';
import { timesSeen } from './clip-order.ts';
import { secondsOf, times, whole } from './fraction.ts';
import { holdersOf, nobodyKnown } from './holders.ts';
import { type LedgersThen, type Names, namesIn, noteNames } from './ledgers.ts';
import { type By, filmsKnown } from './names.ts';
import type { FinishedRun } from './runs.ts';

const rate = z.string().regex(/^\d+(\/\d+)?$/);

/** What a snapshot's record says of the length of its clips, of its films and of the ledger behind it. */
const recordSchema = z.looseObject({
  options: z.looseObject({
    ...{ frames: z.int().min(1), fps: rate },
    ...{ performers: z.array(z.string()).optional(), performer: z.string().nullish() },
  }),
  rights: z.looseObject({ ledger: z.string().nullish() }).default({}),
  sources: z.array(z.looseObject({ file: z.string() })).default([]),
});

export interface FoundTrainings {
  trainings: Training[];
  names: Names;
  notKnown: string[];
}

type Db = Context['db'];

/** Only what was recorded by the moment counts. */
interface Reading extends By {
  db: Db;
  ledgers: LedgersThen;
}

type Dataset = FinishedRun['job']['dataset'];

/** What each run showed of each shot, and whose that is by the ledger that its dataset was decided by. */
export async function trainingsOf(
  db: Db,
  runs: readonly FinishedRun[],
  by: By,
  ledgers: LedgersThen,
): Promise<FoundTrainings> {
  const found: FoundTrainings = { trainings: [], names: new Map(), notKnown: [] };
  const placed = (await placedRuns(db, runs, by)).sort((a, b) => (a.ledger < b.ledger ? -1 : 1));
  // One dataset at a time, and those of one ledger together: all clips of the one and rows of the other are in memory.
  for (const [row, own] of Map.groupBy(placed, (one) => one.row)) {
    const content = row && (await contentOf({ db, ledgers, ...by }, row));
    if (content?.ledger) noteNames(found.names, namesIn(content.ledger));
    for (const one of own)
      if (content) found.trainings.push(trainingOf(one, content, row.id));
      else found.notKnown.push(lost(one.run.id, one.run.job.dataset));
  }
  return found;
}

interface PlacedRun {
  run: FinishedRun;
  models: string[];
  /** Undefined: its dataset is not recorded here. */
  row: SnapshotRow | undefined;
  /** By which that was decided; empty: not known. */
  ledger: string;
}

async function placedRuns(db: Db, runs: readonly FinishedRun[], { asOf }: By): Promise<PlacedRun[]> {
  const snapshots = await readSnapshots(db, asOf);
  const placed: PlacedRun[] = [];
  for (const run of runs) {
    const models = await readModelsOfRun(db, run.id, asOf);
    const row = rowOf(snapshots, run.job.dataset, models[0]?.snapshotId ?? null);
    placed.push({ run, models: models.map(({ id }) => id), row, ledger: ledgerBehind(row) });
  }
  return placed;
}

const ledgerBehind = (row: SnapshotRow | undefined): string =>
  recordSchema.safeParse(row?.record).data?.rights.ledger ?? '';

function trainingOf({ run, models }: PlacedRun, content: Content, snapshot: string): Training {
  const { job } = run;
  const { steps, batch, prior } = job;
  const seen = timesSeen({ ...job, priorShare: prior?.share ?? null }, content.clips.length);
  const shots = seenShots(content, run.ended, seen);
  return { run: run.id, ended: run.ended, models, snapshot, steps, batch, shots, targets: content.targets };
}

const lost = (run: string, { digest }: Dataset): string =>
  `Training ${run}: dataset ${digest.slice(0, 12)} is not recorded here, so what was seen and whose it is are not known.`;

/** The snapshot that a job read: where it lay, else the model's, else the only one of that digest. */
function rowOf(snapshots: readonly SnapshotRow[], { path, digest }: Dataset, model: string | null) {
  const equal = snapshots.filter((row) => row.digest === digest);
  const [only, second] = equal;
  return (
    equal.find((row) => row.path === path) ??
    equal.find((row) => row.id === model) ??
    (second ? undefined : only)
  );
}

interface Content {
  /** Training clips in the manifest's order. */
  clips: ClipRow[];
  seconds: { num: bigint; den: bigint };
  ledger: Ledger | null;
  targets: string[];
  holders: (shot: string, at: string) => Holders;
}

async function contentOf({ db, ledgers, ...by }: Reading, row: SnapshotRow): Promise<Content | null> {
  const record = recordSchema.safeParse(row.record).data;
  if (!record) return null;
  const clips = (await readClips(db, row.id)).filter(({ split }) => split === 'train');
  const ledgerId = record.rights.ledger ?? null;
  const ledger = ledgerId === null ? null : await ledgers(ledgerId);
  const masters = new Set(record.sources.map(({ file }) => file));
  const known = filmsKnown(await readFiles(db, by.asOf), by);
  const films = [...known].filter(([, { sha256 }]) => masters.size === 0 || masters.has(sha256));
  const shots = await readShots(db, [...new Set(clips.map(({ shotId }) => shotId))]);
  return {
    clips: clips.toSorted((a, b) => (a.clipId < b.clipId ? -1 : 1)),
    seconds: secondsOf(record.options.frames, record.options.fps),
    ledger,
    targets: targetsOf(record.options),
    holders: holdersBy(ledger, new Map(films), shots),
  };
}

/** @param films those of the dataset, by their ids */
function holdersBy(ledger: Ledger | null, films: ReadonlyMap<string, NamedFile>, shots: readonly ShotRow[]) {
  const named = [...films.values()];
  const rows = new Map(shots.map((shot) => [shot.id, shot]));
  return (id: string, at: string): Holders => {
    const shot = rows.get(id);
    const film = shot && films.get(shot.fileId);
    return film ? holdersOf(ledger, at, film, shot, named) : nobodyKnown;
  };
}

function seenShots({ clips, seconds, holders }: Content, at: string, counts: readonly number[]): Seen[] {
  const counted = clips.map((clip, i) => ({ shot: clip.shotId, seen: counts[i] ?? 0 }));
  return [...Map.groupBy(counted, ({ shot }) => shot)].map(([shot, own]) => {
    const seen = own.reduce((sum, clip) => sum + clip.seen, 0);
    const clipsSeen = own.filter((clip) => clip.seen > 0).length;
    return { shot, holders: holders(shot, at), clips: clipsSeen, seen, seconds: times(seconds, whole(seen)) };
  });
}
