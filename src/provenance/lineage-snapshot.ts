import { basename, join } from 'node:path';
import { z } from 'zod';
import { readOrigins } from '../dataset/index.ts';
import type { Db } from '../db/index.ts';
import { fileHash } from '../jobs/index.ts';
import { type Ledger, ledgerById, ledgerSchema } from '../rights/index.ts';
import { forWhomOf, readSeal } from '../trust/index.ts';
import type { SnapshotLineage } from './schema.ts';
import * as store from './store.ts';

/** A snapshot with what is needed to say whom it concerns; `snapshot` is null where the workspace lost it. */
export interface SnapshotSource {
  snapshot: SnapshotLineage | null;
  ledger: Ledger | null;
  files: store.FileRow[];
  shots: store.ShotRow[];
  gaps: string[];
}

/** What a snapshot's own `snapshot.json` says of the decision behind it, kept in its database row. */
const recordSchema = z.looseObject({
  options: z
    .looseObject({
      ...{ use: z.string().nullish(), territory: z.string().nullish(), asOf: z.string().nullish() },
      ...{ trainer: z.string().optional(), model: z.string().nullish() },
      ...{ performers: z.array(z.string()).optional(), performer: z.string().nullish() },
    })
    .optional(),
  rights: z.looseObject({ ledger: z.string().nullish(), ruleVersion: z.string().nullish() }).optional(),
  files: z.record(z.string(), z.string()).optional(),
});

type Origin = Awaited<ReturnType<typeof readOrigins>>[number];

/** @param of clips that were trained on, or all: those that were held out to validate too */
export async function snapshotSource(
  db: Db,
  id: string,
  of: 'train' | 'all' = 'train',
): Promise<SnapshotSource> {
  const row = await store.readSnapshot(db, id);
  if (!row)
    return { snapshot: null, ledger: null, files: [], shots: [], gaps: [`Dataset ${id} is not here.`] };
  const clips = await store.readClips(db, id);
  const training = clips.filter(({ split }) => split === 'train');
  const asked = of === 'all' ? clips : training;
  const origins = await originsOf(row);
  const files = await store.readFiles(db);
  const shots = await store.readShots(db, [...new Set(asked.map((clip) => clip.shotId))]);
  const used = usedIn(asked, origins, files, shots);
  const snapshot = describe(row, asked, used, files, await titleNames(db));
  const seal = await sealOf(row);
  snapshot.decisions = seal?.decisions ?? null;
  if (seal) Object.assign(snapshot, forWhomOf(seal));
  snapshot.heldoutClips = clips.length - training.length;
  const { ledger, gaps } = await ledgerOf(db, snapshot);
  return { snapshot, ledger, files, shots, gaps: [...lostOf(snapshot), ...gaps] };
}

/** Where the clips came from, as that was frozen; null where it cannot be read, or is not what was frozen any more. */
async function originsOf({ path, record }: store.SnapshotRow): Promise<Origin[] | null> {
  const frozen = recordSchema.safeParse(record).data?.files?.['clips.jsonl'];
  const found = frozen && (await fileHash(join(path, 'clips.jsonl')).catch(() => null));
  return found === frozen ? readOrigins(path).catch(() => null) : null;
}

/** The masters of training clips by sha256, and the grants that cleared them; null: not known. */
interface Used {
  masters: Set<string>;
  grants: string[] | null;
}

/** Withdrawals by earlier versions removed where clips came from (ADR 0121); their shots still say of which film they are. */
function usedIn(
  clips: store.ClipRow[],
  origins: Origin[] | null,
  files: store.FileRow[],
  shots: store.ShotRow[],
): Used {
  const films = new Set(shots.map(({ fileId }) => fileId));
  if (!origins) {
    const own = files.filter(({ id }) => films.has(id));
    return { masters: new Set(own.map(({ sha256 }) => sha256)), grants: null };
  }
  const trained = new Set(clips.map((clip) => clip.clipId));
  const used = origins.filter((origin) => trained.has(origin.id));
  return {
    masters: new Set(used.map((origin) => origin.file)),
    grants: [...new Set(used.flatMap((origin) => origin.decision.grants))].sort(),
  };
}

function lostOf({ id, titles, grants }: SnapshotLineage): string[] {
  const unseen = titles.filter(({ files }) => files.length === 0).map(({ name }) => name);
  return [
    ...(grants
      ? []
      : [
          `Dataset ${id}: where its clips came from cannot be read, or is not as it was frozen, so the grants that cleared them are not known.`,
        ]),
    ...(unseen.length > 0
      ? [`Dataset ${id}: the films of ${unseen.join(', ')} are not known, nor whom they concern.`]
      : []),
  ];
}

/** What is signed of the snapshot goes before what is recorded of it; null where no trusted seal is there. */
const sealOf = ({ path, digest }: store.SnapshotRow) =>
  readSeal({ path, digest }).then(
    ({ seal }) => seal,
    () => null,
  );

const titleNames = async (db: Db) => new Map((await store.readTitles(db)).map(({ id, name }) => [id, name]));

function describe(
  row: store.SnapshotRow,
  clips: store.ClipRow[],
  { masters, grants }: Used,
  files: store.FileRow[],
  names: Map<string, string>,
): SnapshotLineage {
  const record = recordSchema.parse(row.record);
  return {
    ...{ id: row.id, digest: row.digest, heldoutClips: 0 },
    ledgerId: record.rights?.ledger ?? null,
    ruleVersion: record.rights?.ruleVersion ?? null,
    asOf: record.options?.asOf ?? null,
    use: record.options?.use ?? null,
    territory: record.options?.territory ?? null,
    ...forWhomOf(record.options ?? {}),
    titles: titlesOf(
      clips,
      files.filter((file) => masters.has(file.sha256)),
      names,
    ),
    grants,
  };
}

function titlesOf(clips: store.ClipRow[], files: store.FileRow[], names: Map<string, string>) {
  const ids = [...new Set(clips.map((clip) => clip.titleId))].sort();
  return ids.map((id) => {
    const own = clips.filter((clip) => clip.titleId === id);
    const reels = files.filter((file) => file.titleId === id);
    return {
      ...{ id, name: names.get(id) ?? id, clips: own.length },
      shots: [...new Set(own.map((clip) => clip.shotId))].sort(),
      files: reels.map((file) => ({ id: file.id, name: basename(file.path), sha256: file.sha256 })),
    };
  });
}

async function ledgerOf(
  db: Db,
  snapshot: SnapshotLineage,
): Promise<{ ledger: Ledger | null; gaps: string[] }> {
  const id = snapshot.ledgerId;
  if (!id)
    return { ledger: null, gaps: [`Dataset ${snapshot.id} names no ledger: who is concerned is not known.`] };
  const parsed = ledgerSchema.safeParse((await ledgerById(db, id))?.document);
  if (parsed.success) return { ledger: parsed.data, gaps: [] };
  return { ledger: null, gaps: [`Ledger ${id} is not kept here: who is concerned is not known.`] };
}
