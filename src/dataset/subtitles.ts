/** One subtitle: when it shows, in seconds from the film's start, and its words. */
export interface Cue {
  startSeconds: number;
  endSeconds: number;
  text: string;
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
  return text === '' ? [] : [cue];
}

function seconds([hours = '0', minutes = '0', whole = '0', fraction = '0']: readonly string[]): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(fraction.padEnd(3, '0')) / 1000;
}
