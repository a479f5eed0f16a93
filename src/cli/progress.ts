import type { Progress, Report } from '../contract/index.ts';
import { escaped } from './shown.ts';

/** Without a terminal a line is printed at most this often, and at each new phase. */
const PLAIN_INTERVAL_MS = 5_000;

export interface ProgressView {
  report: Report;
  end(): void;
}

/** Shows progress on stderr: one moving line on a terminal, plain lines elsewhere. */
export const progressView = (): ProgressView => (process.stderr.isTTY ? movingLine() : plainLines());

/** The words of a notice that this view has not shown yet: each trial of a forecast may say the same. */
function newNotices(): (progress: Progress) => string | null {
  const told = new Set<string>();
  return ({ notice }) => {
    if (notice === undefined || told.has(notice)) return null;
    told.add(notice);
    return `notice: ${notice.split('\n').map(escaped).join('\n')}`;
  };
}

/** What stands still looks dead: so often the line shows that it is not. */
const FRAME_MS = 120;
const FRAMES = ['◒', '◐', '◓', '◑'];

const clearLine = '\r\u001b[K';
/** The terminal cuts what is longer than its window: wrapped, it would stay behind when the line is cleared. */
const unwrapped = (text: string): string => `\u001b[?7l${text}\u001b[?7h`;

/** Keys stay the terminal's own: who reads them takes Ctrl-C from the command, which cancels its work by it. */
function movingLine(): ProgressView {
  const noticeOf = newNotices();
  let text: string | null = null;
  let frames = 0;
  const draw = () => {
    process.stderr.write(`${clearLine}${unwrapped(`${FRAMES[frames++ % FRAMES.length]}  ${text}`)}`);
  };
  let timer: NodeJS.Timeout | undefined;
  const report = (progress: Progress) => {
    const notice = noticeOf(progress);
    if (notice !== null) process.stderr.write(`${clearLine}${notice}\n`);
    text = textOf(progress);
    timer ??= setInterval(draw, FRAME_MS);
  };
  const end = () => {
    clearInterval(timer);
    timer = undefined;
    if (text !== null) process.stderr.write(`${clearLine}${text}\n`);
    text = null;
  };
  return { report, end };
}

/** One line a phase and interval, and always the last of a phase. */
export function plainLines(): ProgressView {
  const noticeOf = newNotices();
  let phase = '';
  let printedAt = 0;
  /** The newest that was too soon to print: the last of a phase is always told. */
  let waiting: Progress | null = null;
  const print = (progress: Progress) => {
    waiting = null;
    printedAt = Date.now();
    process.stderr.write(`${textOf(progress)}\n`);
  };
  const end = () => {
    if (waiting !== null) print(waiting);
  };
  const report = (progress: Progress) => {
    const notice = noticeOf(progress);
    if (notice !== null) process.stderr.write(`${notice}\n`);
    if (progress.notice !== undefined) return;
    if (progress.phase === phase && Date.now() - printedAt < PLAIN_INTERVAL_MS) {
      waiting = progress;
      return;
    }
    end();
    phase = progress.phase;
    print(progress);
  };
  return { report, end };
}

function textOf({ phase, done, total, unit, etaSeconds, note }: Progress): string {
  const count =
    total > 0 ? `${round(done)}/${round(total)} ${unit}` : done > 0 ? `${round(done)} ${unit}` : '';
  const eta = etaSeconds === null || etaSeconds === undefined ? '' : `${Math.ceil(etaSeconds)} s left`;
  return [phase, count, escaped(note ?? ''), eta].filter((part) => part !== '').join(' · ');
}

const round = (value: number): string => String(Math.round(value * 10) / 10);
