import type { CatalogFile, Granted } from '../catalog/index.ts';
import { type FieldsFirst, type Pulldown, parseRate, rateNumber } from '../media/index.ts';
import type { ShotMark } from '../shots/index.ts';
import { type Caption, captionOf, type FileWords } from './captions.ts';
import { type Box, coverCrop } from './geometry.ts';
import type { Gone } from './masters.ts';
import { type FrameTable, windowsOf } from './sampling.ts';
import { scenesOf } from './scenes.ts';
import type { FreezeOptions, Skipped } from './schema.ts';

/** A master with everything that is needed to cut it. */
export interface Film {
  sha256: string;
  path: string;
  title: string;
  titleName: string;
  reel: number;
  frames: number;
  sampleAspect: string;
  /** The missing fields are filled in when it is decoded. */
  interlaced: boolean | FieldsFirst;
  /** 3:2 pulldown that is undone instead. */
  pulldown?: Pulldown | undefined;
  hdr: CatalogFile['facts']['hdr'];
  /** Wide primaries of ordinary light, which clips bring into BT.709's. */
  wide?: string | null | undefined;
  /** They may be HDR's: nothing says how their light is coded. */
  isLightUntold?: boolean | undefined;
  /** What is taken for granted of its picture. */
  granted?: readonly Granted[] | undefined;
  table: FrameTable;
  /** Active picture, in pixels of the decoded picture. */
  picture: Box;
  words: FileWords;
  shots: readonly FilmShot[];
  /** Frames from which on copies of a shot can be found. */
  framesToCompare: number;
  /** Why its master gives nothing now; absent where nobody found it so. */
  gone?: Gone['reason'] | undefined;
}

/** `words` says in words what was measured; `colour` is the mean colour, 0..255; `picture` is the shot's own active picture. */
export interface FilmShot {
  id: string;
  in: number;
  out: number;
  words: string;
  colour: readonly number[];
  picture?: Box | undefined;
  /** What its facts say of it. */
  marks: readonly ShotMark[];
  /** Whether somebody had text looked for in its pictures. */
  isRead: boolean;
}

export interface PlannedClip extends Caption {
  shot: string;
  grants: readonly string[];
  /** Decoded frames of the master. */
  frames: number[];
  crop: Box;
}

/** What one film gives. `clips` are in film order; their scene is an id here. */
export interface FilmPlan {
  film: Film;
  clips: PlannedClip[];
  skipped: Skipped[];
}

/** Which clips of a film are cut, and which allowed shots give none and why. @param allowed shot id to its grants */
export function planFilm(
  film: Film,
  allowed: ReadonlyMap<string, readonly string[]>,
  options: FreezeOptions,
): FilmPlan {
  const shots = film.shots.filter((shot) => allowed.has(shot.id));
  const refusal = refusalOf(film, options);
  const plan: FilmPlan = { film, clips: [], skipped: [] };
  if (refusal) return { ...plan, skipped: shots.map(({ id }) => ({ shot: id, reason: refusal, clips: 0 })) };
  const captions = new Map(
    film.shots.map((shot) => [shot.id, captionOf(spanOf(film.table, shot), film.words)]),
  );
  const scenes = scenesOf(
    film.title,
    film.reel,
    film.shots.map(({ id, colour }) => ({ id, colour, scene: captions.get(id)?.scene ?? '' })),
  );
  for (const shot of shots) {
    const reason = reasonAgainst(shot, captions.get(shot.id), options);
    if (reason) {
      plan.skipped.push({ shot: shot.id, reason, clips: 0 });
      continue;
    }
    const caption = { ...(captions.get(shot.id) as Caption), scene: scenes.get(shot.id) ?? '' };
    planShot(plan, shot, { ...caption, grants: allowed.get(shot.id) ?? [] }, options);
  }
  return plan;
}

/** Why a shot gives no clip by what it shows, or null. */
function reasonAgainst(
  shot: FilmShot,
  caption: Caption | undefined,
  { text, frozen, blurred }: FreezeOptions,
): string | null {
  if (isCard(caption)) return 'titles_or_credits';
  const refused = { burnt_in_text: text, blurred, frozen } as const;
  const marks = Object.keys(refused) as (keyof typeof refused)[];
  return marks.find((mark) => refused[mark] === 'refuse' && shot.marks.includes(mark)) ?? null;
}

/** Why nothing of a film can be cut, or null. HDR is tone-mapped where that was asked for, never passed off as something else. */
function refusalOf(film: Film, options: FreezeOptions): string | null {
  if (film.gone) return film.gone;
  if (film.hdr === 'dolby-vision') return 'dolby_vision';
  if (film.isLightUntold) return 'transfer_unknown';
  return film.hdr && options.hdr === 'refuse' ? 'hdr' : null;
}

/** Shots that the production's own words call a title card or credits: letters on a ground teach nothing of the film. */
const card =
  /^((opening|main|end|closing|final|rolling) )*(titles?|credits?|title cards?)( (card|roll|sequence))?$/i;

const isCard = (caption: Caption | undefined): boolean =>
  caption !== undefined &&
  ['person', 'shot_list', 'sidecar'].includes(caption.captionSource) &&
  card.test(caption.caption);

function planShot(
  plan: FilmPlan,
  shot: FilmShot,
  common: Caption & { grants: readonly string[] },
  options: FreezeOptions,
): void {
  const crop = coverCrop(shot.picture ?? plan.film.picture, plan.film.sampleAspect, options);
  if (crop.width < options.width || crop.height < options.height) {
    plan.skipped.push({ shot: shot.id, reason: 'picture_too_small', clips: 0 });
    return;
  }
  const found = windowsOf(plan.film.table, shot, options);
  if (found.tooShort) plan.skipped.push({ shot: shot.id, reason: 'too_short', clips: 0 });
  if (found.tooFewFrames > 0) {
    const whole = found.windows.length === 0;
    plan.skipped.push({ shot: shot.id, reason: 'too_few_frames', clips: whole ? 0 : found.tooFewFrames });
  }
  plan.clips.push(...found.windows.map((frames) => ({ ...common, shot: shot.id, frames, crop })));
}

/** When a shot shows, in seconds from the file's start, which is where subtitles count from; it ends when the next frame begins. */
export function spanOf(table: FrameTable, shot: Pick<FilmShot, 'in' | 'out' | 'words'>) {
  const tick = rateNumber(parseRate(table.timeBase));
  const at = (frame: number) => (table.pts[frame] ?? table.pts.at(-1) ?? 0) * tick;
  return {
    in: shot.in,
    out: shot.out,
    startSeconds: at(shot.in),
    endSeconds: at(shot.out),
    facts: shot.words,
  };
}
