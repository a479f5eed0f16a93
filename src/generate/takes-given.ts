import { inArray, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { clearDrawing } from './drawing.ts';
import type { Take } from './schema.ts';
import { listTakes } from './store.ts';
import { undeclared } from './undeclared.ts';

/** A file of a take, by its bytes, or a copy of one by what it shows. */
export interface TakeFile {
  id: string;
  sha256: string;
  by: 'bytes' | 'looks';
}

/**
 * The takes whose files these are, by sha256: their videos, what was signed as them, what the audit log says was signed as made of
 * them (stills, masters), and given videos that were found to be copies of them (ADR 0144). The rows of provenance, to the right, are
 * read as takes are read there.
 */
export async function takesOfFiles(db: Db, files: readonly string[]): Promise<TakeFile[]> {
  if (files.length === 0) return [];
  const named = sql`any(${texts(files)})`;
  const { rows } = await db.execute<TakeFile & Record<string, unknown>>(sql`
    select id, video_sha256 as sha256, 'bytes' as by from generate_takes where video_sha256 = ${named}
    union select take_id, signed_sha256, 'bytes' from provenance_records where signed_sha256 = ${named}
    union select subject, details ->> 'sha256', 'bytes' from provenance_audit
      where what = 'provenance.sign-file' and details ->> 'sha256' = ${named}
    union select jsonb_array_elements_text(takes), sha256, 'looks' from provenance_given where sha256 = ${named}`);
  return rows;
}

/** The takes whose files these are, and those whose files were given to them in turn, each once. */
export async function takesBehind(db: Db, files: readonly string[]): Promise<Take[]> {
  const behind = new Map<string, Take>();
  for (let next = files; next.length > 0; ) {
    const ids = (await takesOfFiles(db, next)).map(({ id }) => id).filter((id) => !behind.has(id));
    const takes = ids.length === 0 ? [] : await listTakes(db, ids);
    for (const take of takes) behind.set(take.id, take);
    next = takes.flatMap(filesOf);
  }
  return [...behind.values()];
}

/** The files that a take's brief gave, by sha256. */
export const filesOf = ({ brief }: Take): string[] => brief.references.map(({ sha256 }) => sha256);

/** What drew a take and made it crisp. */
export const modelsThatDrew = ({ modelId, brief, upscalerId }: Take): string[] => [
  modelId,
  ...brief.adapters.map(({ id }) => id),
  ...(upscalerId === null ? [] : [upscalerId]),
];

/**
 * What is drawn from takes shows what their models learned from: that is asked about as where those were drawn.
 * @throws BacklotError `not-cleared`, `origin-undeclared`
 */
export async function clearTakesGiven(db: Db, takes: readonly Take[]): Promise<void> {
  if (takes.length === 0) return;
  const drew = [...new Set(takes.flatMap(modelsThatDrew))];
  const { id, sha256, path } = tables.trainModels;
  const rows = await db.select({ id, sha256, path }).from(tables.trainModels).where(inArray(id, drew));
  const gone = drew.filter((model) => !rows.some((row) => row.id === model));
  if (gone.length > 0)
    throw undeclared(`a given take that was drawn by ${gone.join(', ')}, not in this workspace any more`);
  await clearDrawing(db, rows);
}
