import { listFiles } from '../catalog/index.ts';
import { BacklotError, type ClipLine } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import {
  type Choice,
  type Copy,
  copiesOf,
  filesWithoutPrints,
  keptTogether,
  leftOut,
  listChoices,
  type Ranked,
  rankedShots,
  tooFlatToCompare,
} from '../shots/index.ts';
import type { LeftReason } from './cut-films.ts';
import type { Film, FilmPlan } from './plan.ts';
import type { Skipped, SnapshotRecord } from './schema.ts';

/** Shots that show the same as others, and what people chose of them. */
export interface Copies {
  copies: readonly Copy[];
  choices: readonly Choice[];
  /** What counts of each shot where nobody chose. */
  ranked: ReadonlyMap<string, Ranked>;
  /** Of the allowed shots, those that show too little for copies of them to be found. */
  tooFlat: ReadonlySet<string>;
}

/** @param allowed ids of the allowed shots */
export async function readCopies(context: Context, allowed: ReadonlyMap<string, unknown>): Promise<Copies> {
  const { db } = context;
  return {
    copies: await copiesOf(context),
    choices: await listChoices(db),
    ranked: await rankedShots(db),
    tooFlat: await tooFlatToCompare(db, [...allowed.keys()]),
  };
}

/**
 * Films of which it is not known whether their shots show what others show: an earlier version read them, or their small pictures
 * went with a withdrawal and they cannot be read again.
 */
export async function notCompared(
  { db }: Context,
  films: readonly Film[],
  unread: ReadonlySet<string>,
): Promise<SnapshotRecord['notices']> {
  const unprinted = await filesWithoutPrints(db);
  const told = (sha256: string, message: string) => ({ file: sha256, code: 'copies-unknown', message });
  const given = (await listFiles(db)).filter(({ sha256 }) => films.some((film) => film.sha256 === sha256));
  return given.flatMap(({ id, sha256 }) => {
    if (unprinted.has(id))
      return [told(sha256, 'its shots were not compared with others: shots detect reads it again')];
    return unread.has(id)
      ? [told(sha256, 'shots of it were not compared with others: their small pictures were withdrawn')]
      : [];
  });
}

const uncomparable = 'too_short_to_compare';
const tooFlat = 'too_flat_to_compare' satisfies LeftReason;

/** Plans without the shots that are too short for copies of them to be found: they would be there twice, or on both sides of the split. */
export const withoutUncomparable = (plans: readonly FilmPlan[]): FilmPlan[] =>
  plans.map((plan) => {
    const giving = givingClips(plan);
    const { shots, framesToCompare } = plan.film;
    const short = shots.filter((shot) => giving.has(shot.id) && shot.out - shot.in < framesToCompare);
    const skipped = short.map(({ id }) => ({ shot: id, reason: uncomparable, clips: 0 }));
    const ids = new Set(short.map(({ id }) => id));
    const clips = plan.clips.filter(({ shot }) => !ids.has(shot));
    return { ...plan, clips, skipped: [...plan.skipped, ...skipped] };
  });

/** How many shots of each film were left out for that. */
export function tooShortToCompare(
  films: readonly Film[],
  skipped: readonly Skipped[],
): SnapshotRecord['notices'] {
  const out = new Set(skipped.filter(({ reason }) => reason === uncomparable).map(({ shot }) => shot));
  return films.flatMap(({ sha256, shots }) => {
    const count = shots.filter(({ id }) => out.has(id)).length;
    const message = `${count} shots under .75 s give no clips, as copies of them cannot be found: clips of a second and more lose none`;
    return count > 0 ? [{ file: sha256, code: 'too-short-to-compare', message }] : [];
  });
}

/** How many clips of each film were left out because their shots show too little to be compared. */
export function tooFlatClips(films: readonly Film[], skipped: readonly Skipped[]): SnapshotRecord['notices'] {
  const out = Map.groupBy(
    skipped.filter(({ reason }) => reason === tooFlat),
    ({ shot }) => shot,
  );
  return films.flatMap(({ sha256, shots }) => {
    const own = shots.flatMap(({ id }) => (out.has(id) ? [out.get(id)?.length ?? 0] : []));
    const clips = own.reduce((sum, count) => sum + count, 0);
    const message = `${clips} clips of ${own.length} shots were left out, as these show too little for copies of them to be found: nearly black or of nearly one colour`;
    return clips > 0 ? [{ file: sha256, code: 'too-flat-to-compare', message }] : [];
  });
}

/** Plans without the shots of which another that gives clips shows the same, and the copies that all stay. */
export interface WithoutCopies {
  plans: FilmPlan[];
  together: Copy[];
}

/**
 * Leaves out what another shot shows too: only shots that would give clips count, so that nothing is left out for a
 * shot that the rights or its format refuse. Reasons: `copy_by_choice` where a person chose which stays, else `copy`.
 */
export function withoutCopies(
  plans: readonly FilmPlan[],
  { copies, choices, ranked }: Omit<Copies, 'tooFlat'>,
): WithoutCopies {
  const giving = plans.flatMap((plan) => [...givingClips(plan)]).flatMap((id) => ranked.get(id) ?? []);
  const out = leftOut(giving, copies, choices);
  const here = new Set(giving.map(({ id }) => id));
  const known = copies.filter(({ a, b }) => here.has(a.shot) && here.has(b.shot));
  return { plans: plans.map((plan) => withoutShots(plan, out)), together: keptTogether(known, out) };
}

/** Ids of the shots of a film that would give clips. */
const givingClips = ({ clips }: FilmPlan): Set<string> => new Set(clips.map(({ shot }) => shot));

function withoutShots(plan: FilmPlan, out: ReturnType<typeof leftOut>): FilmPlan {
  const skipped = plan.film.shots.flatMap(({ id }): Skipped[] => {
    const found = out.get(id);
    if (!found) return [];
    const reason = found.by === 'person' ? 'copy_by_choice' : 'copy';
    return [{ shot: id, reason, clips: 0, copyOf: found.copyOf }];
  });
  const clips = plan.clips.filter(({ shot }) => !out.has(shot));
  return { ...plan, clips, skipped: [...plan.skipped, ...skipped] };
}

/** Scenes that share a picture with another scene: held out, what is measured on them would have been learned. */
export function scenesTogether(
  clips: readonly { shot: string; scene: string }[],
  together: readonly Copy[],
): Set<string> {
  const sceneOf = new Map(clips.map(({ shot, scene }) => [shot, scene]));
  const pairs = together.map(({ a, b }) => [sceneOf.get(a.shot), sceneOf.get(b.shot)] as const);
  return new Set(pairs.flatMap(([a, b]) => (a !== undefined && b !== undefined && a !== b ? [a, b] : [])));
}

/**
 * The last look before a snapshot is written.
 * @throws BacklotError `copies-apart` where copies would be trained on and held out
 */
export function checkApart(
  lines: readonly Pick<ClipLine, 'shot' | 'split'>[],
  copies: readonly Copy[],
): void {
  const splits = new Map(lines.map(({ shot, split }) => [shot, split]));
  const apart = copies.find(({ a, b }) => {
    const [one, other] = [splits.get(a.shot), splits.get(b.shot)];
    return one !== undefined && other !== undefined && one !== other;
  });
  if (!apart) return;
  throw new BacklotError('copies-apart', {
    expected: 'shots that show the same on one side of the split',
    where: 'dataset freeze',
    found: `${apart.a.shot} and ${apart.b.shot} on both`,
    remedy: 'Say which of them stays: backlot shots keep SHOT.',
  });
}
