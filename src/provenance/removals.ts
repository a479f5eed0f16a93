import { basename, join, relative } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { nameDiskFull, type Removed } from '../contract/index.ts';
import { clipFolders, indexFolder } from '../dataset/index.ts';
import { clearRemains, tables } from '../db/index.ts';
import { firstFrames, givenFolder } from '../generate/index.ts';
import {
  appendAudit,
  type Context,
  fileHash,
  filesIn,
  hasQueue,
  noticedWords,
  QUEUE_TABLE,
  queueWords,
  removalsPath,
  removedFiles,
  toldWords,
  wordsFile,
} from '../jobs/index.ts';
import { reportPictures } from '../review/index.ts';
import { unfinishedFolders } from '../shots/index.ts';
import { recordRemovals } from '../trust/index.ts';
import { columnsWorded, filesWorded, type Worded } from './brief-words.ts';
import { sha256Of } from './digest.ts';
import { listed } from './reach.ts';

/** What a withdrawal is about to remove besides the folders of snapshots and trials, which keep records of their own. */
export interface Removing {
  /** Ids of snapshots whose captions go. */
  snapshots: readonly string[];
  /** Ids of runs whose words go: captions of sample sheets. */
  runs: readonly string[];
  /** Ids of models whose notices may name words of captions. */
  models: readonly string[];
  /** Shots whose pictures and words go, with the index; null: none. */
  shots: readonly string[] | null;
  /** Takes and their runs whose words were captions. */
  worded: Worded;
  /** Frames of given films go. */
  given: boolean;
  /** Folders that commands which were killed have left, with what lies in them. */
  left: readonly (readonly [Removed['what'], string])[];
}

type Where = Pick<Context, 'db' | 'paths'>;

/**
 * Signs what there is, before any of it is removed, with its row in the audit log. Given again it adds what has come since.
 * @returns the record's path; null where there was nothing
 */
export async function noteRemovals(
  context: Context,
  row: string,
  removing: Removing,
): Promise<string | null> {
  const removed = [
    ...(await filesRemoved(context, removing)),
    ...linesRemoved(context, removing),
    ...(await rowsRemoved(context, removing)),
  ];
  if (removed.length === 0) return null;
  const path = removalsPath(context.paths, row);
  await recordRemovals(path, row, removed);
  const kinds = Map.groupBy(removed, ({ what }) => what);
  const counts = Object.fromEntries([...kinds].map(([what, of]) => [what, of.length]));
  const details = { record: await fileHash(path), removed: counts };
  const act = { what: 'provenance.purge', subject: row, details };
  await appendAudit(context.db, { who: context.who, ...act });
  return path;
}

/**
 * Has old rows and the log of writes replaced, which still hold what columns held of shots and snapshots. Also where no row changed
 * now: an earlier withdrawal may have been stopped before.
 * @throws BacklotError `disk-full`: all else is done, and the withdrawal can be given again
 */
export async function clearHeld({ db, paths }: Where, removing: Removing): Promise<void> {
  const { snapshots, models, shots, worded } = removing;
  const { datasetClips, datasetCaptions, shotsPrints, shotsShots, trainModels } = tables;
  const { generateTakes, provenanceRecords } = tables;
  const emptied = [
    ...(snapshots.length > 0 ? [datasetClips] : []),
    ...(models.length > 0 ? [trainModels] : []),
    ...(shots === null ? [] : [datasetCaptions, shotsPrints, shotsShots]),
    ...(worded.takes.length > 0 ? [generateTakes, provenanceRecords] : []),
  ].map((table) => getTableConfig(table).name);
  if (concernsWords(removing) && (await hasQueue(db))) emptied.push(QUEUE_TABLE);
  try {
    if (emptied.length > 0) await clearRemains(db, emptied);
  } catch (error) {
    throw nameDiskFull(error, paths.db);
  }
}

async function filesRemoved(context: Where, removing: Removing): Promise<Removed[]> {
  const { snapshots, runs, shots, given, worded, left } = removing;
  const { paths } = context;
  const folders: [Removed['what'], string][] = [
    ...left,
    ...(snapshots.length > 0
      ? [...Object.entries(clipFolders(paths)), ['first-frame', firstFrames(paths)]]
      : []),
    ...(given ? [['given-frames', givenFolder(paths)]] : []),
    ...(shots === null
      ? []
      : [
          ['index', indexFolder(paths)],
          ...(await reportPictures(context)).map((folder) => ['report-picture', folder]),
          ...(await unfinishedFolders(context)).map((folder) => ['thumbnail', folder]),
        ]),
  ] as [Removed['what'], string][];
  const found: [Removed['what'], string][] = [];
  const each = new Map(folders.map(([what, folder]) => [folder, what]));
  for (const [folder, what] of each) for (const file of await filesIn(folder)) found.push([what, file]);
  found.push(...runs.flatMap((id) => wordsOfRun(paths, id)), ...(await filesWorded(context, worded)));
  for (const file of shots === null ? [] : await thumbnails(context, shots)) found.push(['thumbnail', file]);
  return removedFiles(context, found);
}

function wordsOfRun({ runs }: Where['paths'], id: string): [Removed['what'], string][] {
  const file = wordsFile(join(runs, id));
  return file === null ? [] : [['caption', file]];
}

/** Thumbnails that are there, by their names: a workspace may lie elsewhere than where it was made. */
async function thumbnails({ db, paths }: Where, shots: readonly string[]): Promise<string[]> {
  const { rows } = await db.execute<{ path: string }>(sql`
    select thumbnail as path from shots_shots where thumbnail is not null and id in ${listed(shots)} order by thumbnail`);
  const there = new Set(await filesIn(paths.thumbnails));
  return rows.map(({ path }) => join(paths.thumbnails, basename(path))).filter((path) => there.has(path));
}

/** Whether words of captions go: then what the queue keeps of ended commands goes whole. */
export const concernsWords = ({ snapshots, runs, models, shots }: Removing): boolean =>
  shots !== null || snapshots.length + runs.length + models.length > 0;

/** What runs told of words, which is written over where it stands. */
function linesRemoved({ paths }: Where, { runs, worded }: Removing): Removed[] {
  return [...new Set([...runs, ...worded.runs])].flatMap((id): Removed[] => {
    const lines = toldWords(join(paths.runs, id));
    const name = relative(paths.root, join(paths.runs, id, 'events.jsonl'));
    const sha256 = sha256Of(lines.join('\n'));
    return lines.length === 0 ? [] : [{ what: 'caption', name, bytes: null, rows: lines.length, sha256 }];
  });
}

/** What columns hold of the shots, snapshots and models, and of ended commands, as a count and one hash over keys and contents. */
async function rowsRemoved({ db }: Where, removing: Removing): Promise<Removed[]> {
  const held = [...columnsHeld(removing), ...captionsHeld(removing), ...columnsWorded(removing.worded)];
  if (concernsWords(removing) && (await hasQueue(db)))
    held.push(['caption', `${QUEUE_TABLE}.output and data`, queueWords(removing.snapshots)]);
  const removed: Removed[] = [];
  for (const [what, name, lines] of held) {
    const { rows } = await db.execute<{ n: number; sha256: string }>(sql`
      select count(*)::int as n, encode(sha256(convert_to(coalesce(string_agg(line, E'\n' order by line), ''), 'UTF8')), 'hex') as sha256
      from (${lines}) held`);
    const [row] = rows;
    if (row && row.n > 0) removed.push({ what, name, bytes: null, rows: row.n, sha256: row.sha256 });
  }
  return removed;
}

/** What is about to go, the column's name, and its rows as lines. */
type Held = [what: Removed['what'], name: string, lines: SQL];

const columnsHeld = ({ shots }: Removing): Held[] => [
  [
    'small-pictures',
    'shots_prints.grids',
    sql`select shot_id || ' ' || encode(sha256(grids), 'hex') as line from shots_prints
      where length(grids) > 0 and shot_id in ${listed(shots ?? [])}`,
  ],
  [
    'words-read',
    'shots_shots.facts.text',
    sql`select id || ' ' || (facts -> 'text')::text as line from shots_shots
      where facts -> 'text' -> 'lines' <> '[]' and id in ${listed(shots ?? [])}`,
  ],
];

const captionsHeld = ({ snapshots, models, shots }: Removing): Held[] => [
  [
    'caption',
    'dataset_captions.caption',
    sql`select id || ' ' || caption as line from dataset_captions
      where caption <> '' and shot_id in ${listed(shots ?? [])}`,
  ],
  [
    'caption',
    'dataset_clips.caption',
    sql`select snapshot_id || ' ' || clip_id || ' ' || caption as line from dataset_clips
      where caption <> '' and snapshot_id in ${listed(snapshots)}`,
  ],
  ['caption', 'train_models.record.notices', noticedWords(models)],
];
