import { desc, eq, sql } from 'drizzle-orm';
import { BacklotError, type ClipLine, idOf } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { type Snapshot, type SnapshotRecord, snapshotRecordSchema } from './schema.ts';

const { datasetSnapshots, datasetClips } = tables;
const rowsAtOnce = 5000;

/** A clip as the database keeps it; `clips.jsonl` has its frames. */
export type SnapshotClip = typeof datasetClips.$inferSelect;

/**
 * Notes a snapshot and its clips, and a new one in the audit log; one that was known becomes the newest.
 * @returns its id
 */
export async function insertSnapshot(
  { db, who }: { db: Pick<Db, 'transaction'>; who: Context['who'] },
  path: string,
  record: SnapshotRecord,
  lines: readonly ClipLine[],
): Promise<string> {
  const id = idOf('dst', sha256(canonicalJson(record)).slice(0, 12));
  await db.transaction(async (tx) => {
    const again = { target: datasetSnapshots.id, set: { path, frozenAt: sql`now()` } };
    const row = { id, digest: record.digest, path, record };
    const known = await tx.$count(datasetSnapshots, eq(datasetSnapshots.id, id));
    await tx.insert(datasetSnapshots).values(row).onConflictDoUpdate(again);
    for (let i = 0; i < lines.length; i += rowsAtOnce) {
      await insertClips(tx, id, lines.slice(i, i + rowsAtOnce));
    }
    if (known === 0) await appendAudit(tx, { who, ...freezeOf(id, record, lines) });
  });
  return id;
}

const freezeOf = (subject: string, { digest, rights }: SnapshotRecord, lines: readonly ClipLine[]) => ({
  what: 'dataset.freeze',
  subject,
  details: { digest, clips: lines.length, ledger: rights.ledger },
});

/** The rows are one parameter: a parameter for each value takes longer to write down than to store. */
async function insertClips(
  db: Pick<Db, 'execute'>,
  snapshot: string,
  lines: readonly ClipLine[],
): Promise<void> {
  const rows = lines.map(({ id, shot, title, split, caption }) => ({ id, shot, title, split, caption }));
  await db.execute(sql`insert into ${datasetClips} (snapshot_id, clip_id, shot_id, title_id, split, caption)
    select ${snapshot}, r.id, r.shot, r.title, r.split, r.caption
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id text, shot text, title text, split text, caption text)
    on conflict do nothing`);
}

/** One snapshot, the newest without an id. @throws BacklotError `no-such-snapshot`, `no-snapshot` */
export async function getSnapshot(db: Db, id?: string): Promise<Snapshot> {
  const wanted = id === undefined ? undefined : eq(datasetSnapshots.id, id);
  const rows = await db
    .select()
    .from(datasetSnapshots)
    .where(wanted)
    .orderBy(desc(datasetSnapshots.frozenAt), datasetSnapshots.id)
    .limit(1);
  if (rows[0]) return snapshotOf(rows[0]);
  throw id === undefined ? noSnapshot() : unknown(id);
}

/** The snapshot of a folder; null: no snapshot of this workspace lies there. */
export async function snapshotIn(db: Db, path: string): Promise<Snapshot | null> {
  const [row] = await db.select().from(datasetSnapshots).where(eq(datasetSnapshots.path, path));
  return row ? snapshotOf(row) : null;
}

/** All snapshots, the newest first. */
export async function listSnapshots(db: Db): Promise<Snapshot[]> {
  const rows = await db.select().from(datasetSnapshots).orderBy(desc(datasetSnapshots.frozenAt));
  return rows.map(snapshotOf);
}

/** The clips of a snapshot, by clip id. */
export function listClips(db: Db, id: string): Promise<SnapshotClip[]> {
  return db.select().from(datasetClips).where(eq(datasetClips.snapshotId, id)).orderBy(datasetClips.clipId);
}

const snapshotOf = (row: typeof datasetSnapshots.$inferSelect): Snapshot => ({
  ...snapshotRecordSchema.parse(row.record),
  id: row.id,
  path: row.path,
  frozenAt: row.frozenAt.toISOString(),
});

const noSnapshot = () =>
  new BacklotError('no-snapshot', {
    expected: 'a frozen dataset',
    where: 'workspace',
    found: 'none',
    remedy: 'Freeze one first: backlot dataset freeze.',
  });

const unknown = (id: string) =>
  new BacklotError('no-such-snapshot', {
    expected: 'the id of a snapshot',
    where: 'workspace',
    found: id,
    remedy: 'Look at the newest with: backlot dataset show.',
  });
