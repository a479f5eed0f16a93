import { describe, expect, it } from 'vitest';
import { spokenIn } from './captions.ts';
import { subtitlesOf } from './film-subtitles.ts';
import type { Notice } from './film-words.ts';
import { spanOf } from './plan.ts';
import type { Cue } from './subtitles.ts';

/** Two hours at 23.976, whose labels lose 3.6 seconds an hour against a clock. */
const clock = { fps: '24000/1001', frames: 172_627, startTimecode: '01:00:00:00', dropFrame: false };
const cue = (at: number, text = 'Ahoy'): Cue => ({ startSeconds: at, endSeconds: at + 1, text });
const hour = 3600;
/** Of the label 01:00:00:00: 86,400 frames. */
const labelledHour = (86_400 * 1001) / 24_000;

function placed(...times: number[]) {
  const notices: Notice[] = [];
  const name = 'film.srt';
  const cues = subtitlesOf(clock, [{ name, cues: times.map((at) => cue(at)) }], notices);
  return { starts: cues.map(({ startSeconds }) => Number(startSeconds.toFixed(3))), notices };
}

it('subtitles of a film of variable rate, whose labels are a clock, have no other hour than that', () => {
  const variable = {
    fps: '23456/1000',
    frames: 3,
    startTimecode: '01:00:00:00',
    dropFrame: false,
    times: [0, 1, 4, 4.1],
  };
  const notices: Notice[] = [];
  const [said] = subtitlesOf(variable, [{ name: 'film.srt', cues: [cue(hour + 0.1)] }], notices);
  expect(said?.startSeconds).toBeCloseTo(0.1);
  expect(notices.map(({ message }) => message)).toEqual(['film.srt: its times count from 01:00:00:00']);
});

describe('subtitles of a film at 23.976', () => {
  it('count seconds, not labels: an hour on, a word falls on the frame that shows then', () => {
    const table = { timeBase: '1001/24000', pts: Array.from({ length: clock.frames }, (_, frame) => frame) };
    const cues = subtitlesOf(
      { ...clock, startTimecode: null },
      [{ name: 'film.srt', cues: [cue(hour)] }],
      [],
    );
    const said = (frame: number) => spokenIn(spanOf(table, { in: frame, out: frame + 1, words: '' }), cues);
    const first = Math.floor((hour * 24_000) / 1001);
    expect([said(first - 1), said(first)]).toEqual(['', 'Ahoy']);
  });

  it('that lie an hour on belong an hour earlier where else many lie behind the film, though some would not', () => {
    expect(placed(2, hour, 2 * hour - 10)).toMatchObject({ starts: [2, hour, 2 * hour - 10], notices: [] });
    const { starts, notices } = placed(hour + 2, hour + 1800, 3 * hour - 10);
    expect(starts).toEqual([2, 1800, 2 * hour - 10]);
    expect(notices).toMatchObject([{ code: 'sidecar-by-timecode' }]);
  });

  it('whose hour is that of the labels in seconds begin 3.6 seconds later, where their ends say so', () => {
    const { starts, notices } = placed(labelledHour + 5, labelledHour + 7199);
    expect(starts).toEqual([5, 7199]);
    expect(notices.map(({ message }) => message)).toEqual([
      'film.srt: its times count from 01:00:00:00, which is 3603.6 s',
    ]);
  });

  it('that may be either are read by the clock, and that is told', () => {
    const { starts, notices } = placed(hour + 10, 3 * hour - 20);
    expect(starts).toEqual([10, 2 * hour - 20]);
    expect(notices.map(({ message }) => message)).toEqual([
      'film.srt: its times count from 01:00:00:00, read as a clock; nothing in it says that they are not 3.6 s earlier',
    ]);
  });
});
