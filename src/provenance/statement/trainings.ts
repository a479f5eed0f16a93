import { z } from 'zod';
import { targetsOf } from '../../contract/index.ts';
import type { Context } from '../../jobs/index.ts';
import { type Ledger, ledgerById, type NamedFile } from '../../rights/index.ts';
import type { ShotRow, SnapshotRow } from '../store.ts';
import { type ClipRow, readClips, readFiles, readModelsOfRun, readShots, readSnapshots } from '../store.ts';
import type { Holders, Seen, Training } from './claims.ts';
import { timesSeen } from './clip-order.ts';
import { secondsOf, times, whole } from './fraction.ts';
import { holdersOf, nobodyKnown } from './holders.ts';
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
  ledgers: Ledger[];
  notKnown: string[];
}

type Db = Context['db'];

/** Only what was recorded by the moment counts. */
interface Reading extends By {
  db: Db;
}

type Dataset = FinishedRun['job']['dataset'];

/** What each run showed of each shot, and whose that is by the ledger that its dataset was decided by. */
export async function trainingsOf(db: Db, runs: readonly FinishedRun[], by: By): Promise<FoundTrainings> {
  const found: FoundTrainings = { trainings: [], ledgers: [], notKnown: [] };
  const snapshots = await readSnapshots(db, by.asOf);
  const open = reader({ db, ...by }, snapshots, found);
  for (const run of runs) {
    const { job } = run;
    const seeing = { ...job, priorShare: job.prior?.share ?? null };
    await open(run, job.dataset, (clips) => timesSeen(seeing, clips));
  }
  return found;
}

/** Reads each snapshot once, however many runs learned from it. */
function reader(by: Reading, snapshots: readonly SnapshotRow[], found: FoundTrainings) {
  const known = new Map<string, Promise<Content | null>>();
  return async (run: FinishedRun, dataset: Dataset, count: (clips: number) => number[]) => {
    const models = await readModelsOfRun(by.db, run.id, by.asOf);
    const row = rowOf(snapshots, dataset, models[0]?.snapshotId ?? null);
    if (!row) return void found.notKnown.push(lost(run.id, dataset));
    const reading = known.get(row.id) ?? contentOf(by, row);
    known.set(row.id, reading);
    const content = await reading;
    if (!content) return void found.notKnown.push(lost(run.id, dataset));
    if (content.ledger) found.ledgers.push(content.ledger);
    const { steps, batch } = run.job;
    const facts = { run: run.id, ended: run.ended, models: models.map(({ id }) => id), snapshot: row.id };
    const shots = seenShots(content, run.ended, count(content.clips.length));
    found.trainings.push({ ...facts, steps, batch, shots, targets: content.targets });
  };
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

async function contentOf({ db, ...by }: Reading, row: SnapshotRow): Promise<Content | null> {
  const record = recordSchema.safeParse(row.record).data;
  if (!record) return null;
  const clips = (await readClips(db, row.id)).filter(({ split }) => split === 'train');
  const ledgerId = record.rights.ledger ?? null;
  const ledger = ledgerId === null ? null : ((await ledgerById(db, ledgerId))?.document ?? null);
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
