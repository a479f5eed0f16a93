import { sql } from 'drizzle-orm';
import { tables, texts } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import {
  decideSome,
  type Imported,
  type NewRefusal,
  newRefusals,
  type Resting,
  restingOnRefusal,
  today,
} from '../rights/index.ts';
import { withdrawalsOn } from '../train/index.ts';
import { impactOf } from './impact.ts';
import { type AskedOf, askedOf, type Found, refusedByNow } from './import-refused.ts';
import type { Reached } from './reach.ts';
import { isAnythingGiven } from './reach-given.ts';
import { snapshotsOf } from './reach-snapshots.ts';
import { clipsOf } from './reach-uses.ts';
import type { ImportedHere } from './schema.ts';

/** Refusals of which is looked up what they reach: each takes up to a second in a large workspace. */
const LOOKED_UP = 20;

/**
 * What exists already and rests on what an import newly refuses: it goes on as it is until a withdrawal follows it (ADR 0084).
 * Refusals that reach no model and no take are left out.
 */
export async function withReach(context: Context, imported: Imported): Promise<ImportedHere> {
  const { db } = context;
  if (imported.unchanged || !(await isAnythingMade(db))) return { ...imported, reached: [], notLookedUp: [] };
  const refusals = await newRefusals(db, imported.ledger);
  const found: Found[] = [];
  const asked = refusals.slice(0, LOOKED_UP);
  const telling = { phase: 'looking up what it reaches', total: asked.length + 1, unit: 'steps' };
  for (const [done, refusal] of asked.entries()) {
    context.report({ ...telling, done });
    found.push(await foundOf(context, refusal));
  }
  context.report({ ...telling, done: asked.length });
  const others = await refusedByNow(db, imported.ledger);
  const isBlocked = await blockedAmong(db, [...found, ...others]);
  const reached = notToldYet(found.map(goingOn(isBlocked)), others.map(goingOn(isBlocked))).map(countsOf);
  return { ...imported, reached, notLookedUp: refusals.slice(LOOKED_UP).map(({ row }) => row) };
}

/** Whether a model learned from something here, or a take was given something. */
async function isAnythingMade(db: Context['db']): Promise<boolean> {
  const { id } = tables.trainModels;
  const [model] = await db.select({ id }).from(tables.trainModels).where(learned).limit(1);
  return model !== undefined || (await isAnythingGiven(db));
}

/** What a withdrawal has blocked goes on no more, whatever else refuses it now. */
const goingOn =
  (isBlocked: (id: string) => boolean) =>
  ({ models, takes, ...told }: Found): Found => {
    const left = (ids: ReadonlySet<string>) => new Set([...ids].filter((id) => !isBlocked(id)));
    return { ...told, models: left(models), takes: left(takes) };
  };

async function blockedAmong(db: Context['db'], found: readonly Found[]): Promise<(id: string) => boolean> {
  const idsOf = (of: 'models' | 'takes') => [...new Set(found.flatMap((one) => [...one[of]]))];
  const models = await withdrawalsOn(db, 'model', idsOf('models'));
  const takes = await withdrawalsOn(db, 'take', idsOf('takes'));
  return (id) => models.has(id) || takes.has(id);
}

/** Rows that reach something, and of what else was found each that reaches more than was told before it. */
function notToldYet(rows: readonly Found[], others: readonly Found[]): Found[] {
  const told = rows.filter(({ models, takes }) => models.size + takes.size > 0);
  for (const other of others.toSorted((a, b) => b.models.size - a.models.size)) {
    const isNew = (of: 'models' | 'takes') =>
      [...other[of]].some((id) => !told.some((one) => one[of].has(id)));
    if (isNew('models') || isNew('takes')) told.push(other);
  }
  return told;
}

const countsOf = ({ models, takes, row, says, command }: Found): ImportedHere['reached'][number] => ({
  ...{ row, says, models: models.size, takes: takes.size, command },
});

const learned = sql`${tables.trainModels.snapshotId} is not null`;

async function foundOf(context: Context, refusal: NewRefusal): Promise<Found> {
  const found = await restingOnRefusal(context.db, refusal);
  const resting = found && refusal.isNarrowed ? await refusedNow(context.db, found) : found;
  const touched = resting ? (await impactOf(context, resting)).touched : [];
  const among = (of: string) => new Set(touched.flatMap(({ kind, id }) => (kind === of ? [id] : [])));
  const { row, says } = refusal;
  return { row, says, command: commandOf(refusal), models: among('model'), takes: among('take') };
}

/** Of what rests on a row that permits less, what would be refused today, asked as each snapshot was cleared: those that were cleared alike at once. */
async function refusedNow(db: Context['db'], resting: Resting): Promise<Resting> {
  const { snapshots } = await snapshotsOf(db, resting);
  const [shots, people] = [new Set<string>(), new Set<string>()];
  for (const [key, alike] of Map.groupBy(await withRecords(db, snapshots), askedOf)) {
    const asked = { ...(JSON.parse(key) as AskedOf), asOf: today() };
    const targets = (asked.performers ?? []).filter((performer) => resting.people.has(performer));
    const clips = await clipsOf(db, alike, targets.length > 0 ? null : resting.shots.keys());
    const decided = await decideSome({ db }, [...new Set(clips.map(({ shot }) => shot))], asked);
    const refused = decided.filter(({ outcome }) => outcome !== 'ALLOW');
    for (const { shotId } of refused) shots.add(shotId);
    if (refused.length > 0) for (const performer of targets) people.add(performer);
  }
  const among = (held: ReadonlyMap<string, string>, kept: ReadonlySet<string>) =>
    new Map([...held].filter(([id]) => kept.has(id)));
  return {
    ...resting,
    ...{ shots: among(resting.shots, shots), people: among(resting.people, people) },
    films: new Map(),
  };
}

async function withRecords(db: Context['db'], snapshots: readonly Reached[]) {
  const { id, record } = tables.datasetSnapshots;
  const own = sql`${id} = any(${texts(snapshots.map((one) => one.id))})`;
  return db.select({ id, record }).from(tables.datasetSnapshots).where(own).orderBy(id);
}

function commandOf({ target }: NewRefusal): string {
  const [[kind, id] = ['', '']] = Object.entries(target);
  return `backlot rights revoke --${kind} ${id} --dry-run`;
}
