import { frameOf, parseRate, rateNumber } from '../media/index.ts';
import type { FilmClock, Notice } from './film-words.ts';
import type { Cue } from './subtitles.ts';

/** A sidecar of subtitles, or a track inside a film: how it is called and what it says. */
export interface Track {
  name: string;
  /** What a track inside a film says of itself (ISO 639); sidecars say it in their names. */
  language?: string | null | undefined;
  cues: readonly Cue[];
}

/** English as file names say it: `film.eng.srt`, `film.en.sdh.srt`. Words are searched by their English stems. */
const english = /[._-](en|eng|english)([._-]|$)/i;

const isEnglish = ({ name, language }: Track): boolean =>
  language === undefined ? english.test(name) : /^en/i.test(language ?? '');

/**
 * The subtitles of a film: those of one file, as several say the same in other languages or for other people. English
 * ones come first, of several the file that says most; the others are told of. Times that lie behind the film are
 * counted from its start timecode.
 */
export function subtitlesOf(clock: FilmClock, tracks: readonly Track[], notices: Notice[]): readonly Cue[] {
  const [first, ...others] = tracks.toSorted(
    (a, b) => Number(isEnglish(b)) - Number(isEnglish(a)) || b.cues.length - a.cues.length,
  );
  if (!first) return [];
  for (const { name } of others) {
    const message = `${name}: left aside, ${first.name} has the film's subtitles`;
    notices.push({ code: 'sidecar-left-aside', message });
  }
  return placed(clock, first, notices);
}

/** Where a file's times may count from, in seconds: the film's start, or its start timecode as a clock or as the frames that it counts. */
interface Origin {
  seconds: number;
  /** What to say of it; null where it needs no word. */
  said: string | null;
}

/** Takes the origin by which most subtitles lie within the film; of several the first. */
function placed(clock: FilmClock, { name, cues }: Track, notices: Notice[]): readonly Cue[] {
  const length = clock.times?.at(-1) ?? clock.frames / rateNumber(parseRate(clock.fps));
  const insideBy = ({ seconds }: Origin) =>
    cues.filter(({ startSeconds: at }) => at >= seconds && at - seconds < length).length;
  const origins = originsOf(clock).map((origin) => ({ ...origin, inside: insideBy(origin) }));
  const most = Math.max(...origins.map(({ inside }) => inside));
  const [best, other] = origins.filter(({ inside }) => inside === most);
  if (!best || most === 0) {
    const message = `${name}: no subtitle lies within the film (start timecode ${clock.startTimecode ?? 'none'})`;
    notices.push({ code: 'sidecar-covers-nothing', message });
    return [];
  }
  if (best.said !== null) {
    const doubt = other
      ? `, read as a clock; nothing in it says that they are not ${Number((other.seconds - best.seconds).toFixed(3))} s earlier`
      : best.said;
    notices.push({
      code: 'sidecar-by-timecode',
      message: `${name}: its times count from ${clock.startTimecode}${doubt}`,
    });
  }
  return cues.map(({ startSeconds, endSeconds, text }) => ({
    ...{ startSeconds: startSeconds - best.seconds, endSeconds: endSeconds - best.seconds, text },
  }));
}

/** Seconds by which clock and frames of a start timecode must differ to be two origins; its own frames are less. */
const apart = 1;

function originsOf({ startTimecode, fps, dropFrame, times }: FilmClock): Origin[] {
  const start = { seconds: 0, said: null };
  if (startTimecode === null) return [start];
  const clock = secondsOf(startTimecode);
  // Labels of a film of variable rate are a clock's.
  if (times) return [start, { seconds: clock, said: '' }];
  const counted = frameOf(startTimecode, fps, null, dropFrame) / rateNumber(parseRate(fps));
  const asCounted = `, which is ${Number(counted.toFixed(3))} s`;
  const frames = Math.abs(counted - clock) > apart ? [{ seconds: counted, said: asCounted }] : [];
  return [start, { seconds: clock, said: '' }, ...frames];
}

/** What a timecode reads as a clock; its frames are a fraction that subtitles leave aside. */
function secondsOf(timecode: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = timecode.split(/[:;.]/).map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
