import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Db, tables } from '../db/index.ts';
import { type ClearedFor, clearedAs, drawingUse, usesOfGiven } from '../generate/index.ts';
import {
  type RefusedBetween,
  type RefusedSince,
  refusedSince,
  today,
  type Use,
  useSchema,
} from '../rights/index.ts';
import { modelsOf, type Reached, takesOf } from './reach.ts';
import { shotsOfGiven } from './reach-films.ts';
import { filesGiven, type Given, takesOfTakes } from './reach-given.ts';
import { clipsOf } from './reach-uses.ts';

/** What exists and rests on something that a ledger newly refuses. */
export interface Found {
  row: string;
  says: string;
  command: string;
  models: ReadonlySet<string>;
  takes: ReadonlySet<string>;
}

/** Datasets whose training, or the drawing of takes from what learned from them, a row newly refuses, and films that it refuses to give, by sha256. */
interface Cause extends Pick<Found, 'row' | 'says' | 'command'> {
  trained: Set<string>;
  drawn: Set<string>;
  given: Set<string>;
}

type Snapshot = Reached & { record: unknown };

/** What models learned from, and what takes were given. */
interface Made {
  snapshots: Snapshot[];
  given: Given[];
}

/**
 * Models and takes of whose training clips and given films some are refused today that the ledger before allowed, by the reason that counts:
 * each is asked as it was trained, as its takes are drawn, and as films are given (ADR 0155). Whatever has changed is found so, where no row of it says that it refuses.
 */
export async function refusedByNow(db: Db, ledger: string): Promise<Found[]> {
  const made: Made = { snapshots: await learnedFrom(db), given: await filesGiven(db) };
  const performers = made.snapshots.flatMap(({ record }) => clearedAs(record).performers ?? []);
  const since = await refusedSince({ db }, ledger, [...new Set(performers)]);
  if (since.shots.size === 0) return [];
  const causes = new Map<string, Cause>();
  await noteLearned(db, causes, made, since);
  await noteGiven(db, causes, made, since);
  const found: Found[] = [];
  for (const cause of causes.values()) found.push(await restingOn(db, cause, made));
  return found;
}

async function noteLearned(
  db: Db,
  causes: Map<string, Cause>,
  { snapshots }: Made,
  { shots: among, ask }: RefusedBetween,
): Promise<void> {
  for (const [key, alike] of Map.groupBy(snapshots, askedOf)) {
    const asked = JSON.parse(key) as AskedOf;
    const clips = await clipsOf(db, alike, among);
    const shots = [...new Set(clips.map(({ shot }) => shot))];
    for (const [use, into] of [[asked.use, 'trained'] as const, [drawingUse, 'drawn'] as const])
      noteCauses(causes, into, ask(shots, { ...asked, use, asOf: today() }), clips);
  }
}

async function noteGiven(
  db: Db,
  causes: Map<string, Cause>,
  { given }: Made,
  { shots: among, films, ask }: RefusedBetween,
): Promise<void> {
  const touched = given.filter(({ sha256, shot }) => films.has(sha256) || among.has(shot ?? ''));
  if (touched.length === 0) return;
  const shown = (await shotsOfGiven(db, touched)).filter(({ shot }) => among.has(shot));
  const shots = [...new Set(shown.map(({ shot }) => shot))];
  for (const use of usesOfGiven)
    noteCauses(causes, 'given', ask(shots, { use, territory: 'world', asOf: today() }), shown);
}

function noteCauses(
  causes: Map<string, Cause>,
  into: 'trained' | 'drawn' | 'given',
  refused: readonly RefusedSince[],
  of: readonly { id: string; shot: string }[],
): void {
  const held = Map.groupBy(of, ({ shot }) => shot);
  for (const one of refused) {
    const cause = causeOf(causes, one);
    for (const { id } of held.get(one.shotId) ?? []) cause[into].add(id);
  }
}

const recordSchema = z.looseObject({ options: z.looseObject({ use: useSchema }) });

/** Snapshots of early versions, which named no use, were frozen for style. */
export const frozenFor = (record: unknown): Use =>
  recordSchema.safeParse(record).data?.options.use ?? 'train.style';

/** What was asked when a snapshot was frozen. */
export type AskedOf = ClearedFor & { use: Use };

/** The same text for snapshots that were cleared alike: an `AskedOf`. */
export const askedOf = ({ record }: Pick<Snapshot, 'record'>): string =>
  JSON.stringify({ ...clearedAs(record), use: frozenFor(record) } satisfies AskedOf);

/** Datasets that models here learned from. */
async function learnedFrom(db: Db): Promise<Snapshot[]> {
  const { datasetSnapshots: of, trainModels: model } = tables;
  const rows = await db
    .select({ id: of.id, sha256: of.digest, record: of.record })
    .from(of)
    .where(sql`${of.id} in (select ${model.snapshotId} from ${model})`)
    .orderBy(of.id);
  return rows.map((row) => ({ ...row, kind: 'snapshot' as const, via: '' }));
}

function causeOf(causes: Map<string, Cause>, { row, message, title, refusedBy }: RefusedSince): Cause {
  const command = `backlot rights revoke ${refusedBy === null ? targetOf(row, title) : `--party ${refusedBy}`} --dry-run`;
  const key = `${row} ${command}`;
  const says = `now refuses what was allowed (${message})`;
  const cause = causes.get(key) ?? { row, says, command, ...nothing() };
  causes.set(key, cause);
  return cause;
}

const nothing = () => ({
  trained: new Set<string>(),
  drawn: new Set<string>(),
  given: new Set<string>(),
});

/** What a withdrawal would name: the row where it permits something itself, else the title. */
function targetOf(row: string, title: string): string {
  const [section, id] = row.split('/');
  if (section === 'grants') return `--grant ${id}`;
  return section === 'consents' ? `--consent ${id}` : `--title ${title}`;
}

async function restingOn(
  db: Db,
  { trained, drawn, given: films, ...told }: Cause,
  { snapshots, given }: Made,
): Promise<Found> {
  const learned = (by: ReadonlySet<string>) =>
    modelsOf(db, { snapshots: snapshots.filter(({ id }) => by.has(id)), apart: [] });
  const models = await learned(trained);
  const drawnBy = await takesOf(db, await learned(new Set([...trained, ...drawn])));
  const shown = given
    .filter(({ sha256, shot }) => films.has(sha256) || films.has(shot ?? ''))
    .flatMap((file) => file.takes);
  const first = [...drawnBy, ...shown.map((id) => ({ kind: 'take' as const, id, via: '' }))];
  const takes = [...first, ...(await takesOfTakes(db, given, first))];
  return { ...told, models: new Set(models.map(({ id }) => id)), takes: new Set(takes.map(({ id }) => id)) };
}
