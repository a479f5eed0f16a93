import type { Report } from '../contract/index.ts';

const reportEveryMs = 250;
/** The first frames wait for ffmpeg to start: a pace taken from them would say hours. */
const paceAfterMs = 2000;

export type FilmProgress = ReturnType<typeof filmProgress>;

/** Says how many frames are done, at most four times a second. @param from those that an earlier command did */
export function filmProgress(report: Report, total: number, note?: string, from = 0) {
  const started = Date.now();
  let last = started;
  const say = (done: number, now: number) => {
    last = now;
    const known = done > from && now - started >= paceAfterMs;
    const left = known ? (((now - started) / (done - from)) * Math.max(0, total - done)) / 1000 : null;
    report({
      phase: 'shots',
      done,
      total: Math.max(total, done),
      unit: 'frames',
      etaSeconds: left,
      ...(note ? { note } : {}),
    });
  };
  return {
    onFrames: (done: number) => {
      const now = Date.now();
      if (now - last >= reportEveryMs) say(done, now);
    },
    end: (done: number) => say(done, Date.now()),
  };
}
