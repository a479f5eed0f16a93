import { scriptSubtitles } from '../media/index.ts';

/** One subtitle: when it shows, in seconds from the film's start, and its words. */
export interface Cue {
  startSeconds: number;
  endSeconds: number;
  text: string;
}

/** The subtitles of a sidecar of text by its kind; null where it holds other things. @throws Error where it cannot be read */
export async function cuesOf(kind: string, text: string): Promise<Cue[] | null> {
  if (kind === 'srt' || kind === 'vtt') return parseSrt(text);
  if (kind === 'ttml' || kind === 'dfxp') return (await import('./ttml.ts')).parseTtml(text);
  if (kind === 'scc') return (await import('./scc.ts')).parseScc(text);
  return kind === 'ass' || kind === 'ssa' ? parseSrt(await scriptSubtitles(text)) : null;
}

/** WebVTT leaves hours out that are none. */
const time = String.raw`(?:(\d+):)?(\d{2}):(\d{2})[,.](\d{1,3})`;
const timing = new RegExp(`^\\s*${time}\\s*-->\\s*${time}`);

/** Reads SubRip and WebVTT. Markup (`<i>`, `{\an8}`) is taken out; blocks without a timing line are passed over. */
export function parseSrt(text: string): Cue[] {
  const blocks = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/);
  return blocks.flatMap((block) => cueOf(block.split('\n')));
}

/** ASS draws shapes where text would stand: pen commands with their places. */
const drawing = /^m -?\d+(\.\d+)? -?\d[mnlbspc\d\s.-]*$/;

function cueOf(lines: readonly string[]): Cue[] {
  const at = lines.findIndex((line) => timing.test(line));
  const parts = timing.exec(lines[at] ?? '');
  if (!parts) return [];
  const words = lines
    .slice(at + 1)
    .join(' ')
    .replace(/<[^>]*>|\{[^}]*\}/g, '');
  const text = words.replace(/\s+/g, ' ').trim();
  const cue = { startSeconds: seconds(parts.slice(1, 5)), endSeconds: seconds(parts.slice(5, 9)), text };
  return text === '' || drawing.test(text) ? [] : [cue];
}

function seconds([hours = '0', minutes = '0', whole = '0', fraction = '0']: readonly string[]): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(fraction.padEnd(3, '0')) / 1000;
}
