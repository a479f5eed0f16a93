import type { ClipLine } from '../contract/index.ts';
import { captionAlarms } from './alarms.ts';
import type { CaptionAlarm } from './caption-schema.ts';
import type { MadeClip } from './cut-films.ts';
import type { Film } from './plan.ts';
import type { FreezeOptions, Skipped, SnapshotRecord } from './schema.ts';

/** What a snapshot's record is made of. */
export interface RecordParts {
  digest: string;
  options: FreezeOptions;
  rights: SnapshotRecord['rights'];
  films: readonly Film[];
  clips: readonly MadeClip[];
  lines: readonly ClipLine[];
  skipped: readonly Skipped[];
  notices: SnapshotRecord['notices'];
  /** Of shots that are left out for whom their captions name. */
  named: readonly CaptionAlarm[];
  files: SnapshotRecord['files'];
}

/** Counts what went into a snapshot, what did not, and why. */
export function recordOf(parts: RecordParts): SnapshotRecord {
  const { digest, options, rights, notices, files, lines, skipped } = parts;
  return {
    version: 1,
    ...{ digest, options, rights, notices: [...notices], files },
    clips: splitCounts(lines),
    captions: countBy(lines, (line) => line.captionSource),
    ...alarmsOf(parts),
    skipped: {
      shots: countBy(
        skipped.filter((skip) => skip.clips === 0),
        (skip) => skip.reason,
      ),
      clips: countBy(
        skipped,
        (skip) => skip.reason,
        (skip) => skip.clips,
      ),
    },
    titles: titlesOf(parts),
    sources: parts.films.map((film) => sourceOf(film, parts.clips)),
  };
}

/** Once for each shot, however many clips it gave. */
function alarmsOf({ lines, named }: RecordParts): Pick<SnapshotRecord, 'alarms'> {
  const shots = new Map(
    lines.map(({ shot, title, caption, captionSource }) => [shot, { title, caption, source: captionSource }]),
  );
  const alarms = [...captionAlarms([...shots.values()]), ...named];
  return alarms.length > 0 ? { alarms } : {};
}

/** How often each key occurs (or the sum of what `weight` says); keys without any are left out. */
export function countBy<T>(
  items: readonly T[],
  key: (item: T) => string,
  weight: (item: T) => number = () => 1,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    if (weight(item) > 0) counts[key(item)] = (counts[key(item)] ?? 0) + weight(item);
  }
  return counts;
}

function splitCounts(lines: readonly ClipLine[]): { train: number; heldout: number } {
  const heldout = lines.filter((line) => line.split === 'heldout').length;
  return { train: lines.length - heldout, heldout };
}

function titlesOf({ films, lines }: RecordParts): SnapshotRecord['titles'] {
  const names = new Map(films.map((film) => [film.title, film.titleName]));
  const byTitle = Map.groupBy(lines, (line) => line.title);
  return [...names].map(([id, name]) => {
    const own = byTitle.get(id) ?? [];
    const held = own.filter((line) => line.split === 'heldout');
    return { id, name, ...splitCounts(own), scenes: scenes(own), heldoutScenes: scenes(held) };
  });
}

const scenes = (lines: readonly ClipLine[]): number => new Set(lines.map((line) => line.scene)).size;

function sourceOf(film: Film, clips: readonly MadeClip[]): SnapshotRecord['sources'][number] {
  const own = clips.filter((clip) => clip.plan.film === film);
  return { file: film.sha256, title: film.title, reel: film.reel, frames: film.frames, clips: own.length };
}
