import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots, type NameFinder, recordStanding, type Standing, today } from '../rights/index.ts';
import { picturesAgain, printAgain } from '../shots/index.ts';
import { writeSeal } from '../trust/index.ts';
import { canonicalJson, canonicalLines, manifestOf, sha256 } from './canonical.ts';
import { clearSnapshot } from './clear.ts';
import {
  type Copies,
  checkApart,
  notCompared,
  readCopies,
  scenesTogether,
  tooFlatClips,
  tooShortToCompare,
  type WithoutCopies,
  withoutCopies,
  withoutUncomparable,
} from './copies.ts';
import { cutFilms, type MadeClips } from './cut-films.ts';
import { readFilms } from './films.ts';
import { forgetClips, whileCutting } from './forget-clips.ts';
import { manifestLines, originsOf } from './lines.ts';
import type { Gone } from './masters.ts';
import { strangersFor, withoutNamed } from './named.ts';
import { narrowed, takenForGranted, textUnread, toneMapped } from './notices.ts';
import { type Film, planFilm } from './plan.ts';
import { countBy, type RecordParts, recordOf } from './record.ts';
import {
  type FreezeInput,
  type FreezeOptions,
  freezeOptionsSchema,
  type Skipped,
  type Snapshot,
} from './schema.ts';
import { rightsOf, rulesOf, sealOf } from './seal.ts';
import { inWords } from './show.ts';
import { getSnapshot, insertSnapshot, snapshotIn } from './store.ts';
import { writeSnapshot } from './write-snapshot.ts';

type Decision = Awaited<ReturnType<typeof decideShots>>[number];
type Gathered = Omit<RecordParts, 'digest' | 'lines' | 'files'> & {
  decisions: readonly Decision[];
  copies: Copies;
  trained: ReadonlySet<string>;
};

/**
 * Freezes what the rights allow into a snapshot: cuts the clips of every allowed shot, splits them by scene and writes
 * them with their manifest under its digest. The same films, decisions and options give the same digest.
 * @throws BacklotError `performer-missing`, `nothing-cleared` where no shot is allowed, `not-cleared-today`, `no-clips` where the allowed shots give none,
 *   `copies-apart`, `master-changed` or `master-missing` where that holds of every master, `film-too-short`, `not-cleared` where a shot in it was
 *   withdrawn meanwhile, what decoding throws
 */
export const freeze = (context: Context, input: FreezeInput = {}): Promise<Snapshot> =>
  whileCutting(context, (by) => freezeBy(context, input, by));

async function freezeBy(context: Context, input: FreezeInput, by: Standing): Promise<Snapshot> {
  const options = resolveOptions(input);
  const decisions = await decideShots(context, pick(options));
  const allowed = allowedShots(decisions);
  await mustBeAllowedToday(context, options, allowed);
  const { films, notices } = await readFilms(context, allowed);
  const unread = await printAgain(context, new Set(allowed.keys()));
  notices.push(...(await notCompared(context, films, unread)));
  await picturesAgain(context, new Set(allowed.keys()), (write) =>
    recordStanding(context.db, by, changedSince, write),
  );
  const copies = await readCopies(context, allowed);
  const strangers = await strangersFor(context, options);
  const chosen = { allowed, copies, strangers };
  const { together, gone, ...made } = await cutWhatIsThere(context, films, options, chosen);
  notices.push(...[...gone].map(([file, { reason: code, message }]) => ({ file, code, message })));
  notices.push(...tooShortToCompare(films, made.skipped), ...tooFlatClips(films, made.skipped));
  notices.push(...toneMapped(made, options), ...narrowed(made), ...takenForGranted(made));
  notices.push(...textUnread(made, options));
  if (made.clips.length === 0) throw noClips(made.skipped);
  const rights = await rightsOf(context, decisions);
  const trained = scenesTogether(made.clips, together);
  return keep(context, { options, rights, decisions, notices, copies, trained, ...made }, by);
}

/** Shots may be withdrawn by now, and their pictures purged. The freeze itself decides anew at its end. */
async function changedSince(): Promise<never> {
  throw new BacklotError('not-cleared', {
    expected: 'the rights as they stood when this freeze began',
    where: 'the ledger',
    found: 'that it was changed, or something was withdrawn, since',
    remedy: 'Freeze again: thumbnails of shots that are allowed then are taken.',
  });
}

/** What of the films is chosen by. */
interface ChosenBy {
  allowed: ReadonlyMap<string, readonly string[]>;
  copies: Copies;
  /** Whom a caption may not name. */
  strangers: NameFinder;
}

type Cut = MadeClips & { films: Film[]; named: RecordParts['named']; together: WithoutCopies['together'] };

/**
 * Plans and cuts the films, once more for each master that turns out to be gone: what shows the same as its shots stays then.
 * @throws BacklotError `master-missing` or `master-changed` where no master is left
 */
async function cutWhatIsThere(
  context: Context,
  all: readonly Film[],
  options: FreezeOptions,
  { allowed, copies, strangers }: ChosenBy,
): Promise<Cut> {
  const gone = new Map<string, Gone>();
  for (;;) {
    const films = all.map((film) => ({ ...film, gone: gone.get(film.sha256)?.reason }));
    const planned = films.map((film) => planFilm(film, allowed, options));
    const { plans: unnamed, alarms: named } = withoutNamed(planned, strangers);
    const { plans, together } = withoutCopies(withoutUncomparable(unnamed), copies);
    const made = await cutFilms(context, plans, options, copies.tooFlat);
    if (made.gone.size === 0) return { ...made, films, named, together, gone };
    for (const [file, why] of made.gone) gone.set(file, why);
    const [first] = gone.values();
    if (first && gone.size === all.length) throw first.error;
  }
}

/** Splits, places and records the clips, writes and seals the folder, then notes it in the database. */
async function keep(context: Context, parts: Gathered, by: Standing): Promise<Snapshot> {
  const lines = manifestLines(parts.clips, parts.options, parts.trained);
  checkApart(lines, parts.copies.copies);
  const texts = {
    'manifest.jsonl': manifestOf(lines),
    'clips.jsonl': canonicalLines(originsOf(parts.clips)),
    'skipped.jsonl': canonicalLines(parts.skipped),
  };
  const { 'manifest.jsonl': digest, ...files } = hashesOf(texts);
  const record = recordOf({ ...parts, digest, lines, files });
  const all = { ...texts, 'snapshot.json': `${canonicalJson(record)}\n` };
  const path = await writeSnapshot(context.paths.datasets, digest, all, parts.clips);
  const seal = sealOf(record, parts.decisions, new Date().toISOString());
  await writeSeal(path, { ...seal, record: sha256(all['snapshot.json']) });
  try {
    const again = () => clearSnapshot(context, { path, digest }, seal);
    const insert = (db: Parameters<typeof insertSnapshot>[0]['db']) =>
      insertSnapshot({ db, who: context.who }, path, record, lines);
    return await getSnapshot(context.db, await recordStanding(context.db, by, again, insert));
  } catch (error) {
    if ((await snapshotIn(context.db, path)) === null) await forgetClips(context, by, [['cut-clip', path]]);
    throw error;
  }
}

const pick = ({ use, territory, asOf, trainer, model, performers }: FreezeOptions) => ({
  use,
  territory,
  asOf,
  trainer,
  model,
  performers,
});

/** Takes of what learns from it are asked for by that name (ADR 0093). */
const noPerformer = (): BacklotError =>
  new BacklotError('performer-missing', {
    expected: 'the performers whom the training targets: it makes a replica of somebody',
    where: 'dataset freeze --use train.performer',
    found: 'no --performer',
    remedy:
      'Name parties of the ledger, each with a --performer, or freeze for `train.style` where nobody is targeted.',
  });

/** Today by universal time, where no day is asked for. */
function resolveOptions(input: FreezeInput): FreezeOptions {
  const { performers = [], ...options } = freezeOptionsSchema.parse(input);
  if (options.use === 'train.performer' && performers.length === 0) throw noPerformer();
  const asOf = options.asOf ?? today();
  const named = performers.length === 0 ? {} : { performers };
  return { ...options, ...named, asOf, stride: options.stride ?? Math.floor(options.frames / 2) };
}

const hashesOf = <K extends string>(texts: Record<K, string>): Record<K, string> =>
  Object.fromEntries(Object.entries<string>(texts).map(([name, text]) => [name, sha256(text)])) as Record<
    K,
    string
  >;

/** Allowed shots and the grants that allow them. @throws BacklotError `nothing-cleared` */
function allowedShots(decisions: readonly Decision[]): Map<string, readonly string[]> {
  const allowed = decisions.filter((decision) => decision.outcome === 'ALLOW');
  if (allowed.length === 0) throw nothingCleared(decisions);
  return new Map(allowed.map((decision) => [decision.shotId, decision.grants]));
}

/** Clips are cut today: what was withdrawn or ended since the day asked for, or begins by then, stays where it is. @throws BacklotError `not-cleared-today` */
async function mustBeAllowedToday(
  context: Context,
  options: FreezeOptions,
  allowed: ReadonlyMap<string, unknown>,
): Promise<void> {
  const now = today();
  if (options.asOf === now) return;
  const decisions = await decideShots(context, { ...pick(options), asOf: now });
  const refused = decisions.filter(({ shotId, outcome }) => allowed.has(shotId) && outcome !== 'ALLOW');
  if (refused.length === 0) return;
  throw new BacklotError('not-cleared-today', {
    expected: `every shot that is allowed on ${options.asOf} to be allowed on ${now} too, when its clips are cut`,
    where: `${allowed.size} shots`,
    found: `${refused.length} that are not (${inWords(countBy(refused.flatMap(rulesOf), (rule) => rule))})`,
    remedy: 'Freeze without --as-of: what is refused now stays out. `backlot rights explain SHOT` says why.',
  });
}

function nothingCleared(decisions: readonly Decision[]): BacklotError {
  const reasons = countBy(decisions.flatMap(rulesOf), (rule) => rule);
  return new BacklotError('nothing-cleared', {
    expected: 'at least one shot that the rights allow for this use',
    where: `${decisions.length} shots`,
    found: `none allowed (${inWords(reasons)})`,
    remedy: 'Import a ledger that grants the use, or look at: backlot rights explain SHOT.',
  });
}

function noClips(skipped: readonly Skipped[]): BacklotError {
  return new BacklotError('no-clips', {
    expected: 'at least one clip from the allowed shots',
    where: `${skipped.length} allowed shots`,
    found: `none (${inWords(countBy(skipped, (skip) => skip.reason))})`,
    remedy:
      'Ask for shorter or smaller clips (shots under .75 s, too_short_to_compare, give none), clear other shots, write captions that name nobody (dataset describe), or give a --performer for each who is named.',
  });
}
