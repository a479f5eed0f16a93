import { parseRate, rateNumber } from '../media/index.ts';
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

function placed(clock: FilmClock, { name, cues }: Track, notices: Notice[]): readonly Cue[] {
  const length = clock.frames / rateNumber(parseRate(clock.fps));
  const inside = (own: readonly Cue[]) => own.some(({ startSeconds: at }) => at >= 0 && at < length);
  if (inside(cues)) return cues;
  const start = secondsOf(clock.startTimecode);
  const moved = cues.map(({ startSeconds, endSeconds, text }) => ({
    ...{ startSeconds: startSeconds - start, endSeconds: endSeconds - start, text },
  }));
  const said = inside(moved)
    ? ({
        code: 'sidecar-by-timecode',
        message: `${name}: its times count from ${clock.startTimecode}`,
      } as const)
    : ({
        code: 'sidecar-covers-nothing',
        message: `${name}: no subtitle lies within the film (start timecode ${clock.startTimecode ?? 'none'})`,
      } as const);
  notices.push(said);
  return inside(moved) ? moved : [];
}

/** What a timecode reads as a clock; its frames are a fraction that subtitles leave aside. */
function secondsOf(timecode: string | null): number {
  const [hours = 0, minutes = 0, seconds = 0] = (timecode ?? '').split(/[:;.]/).map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
