import { frameOf, parseRate, rateNumber } from '../media/index.ts';
import { letterOf, letterOfPair } from './scc-letters.ts';
import type { Cue } from './subtitles.ts';

/** Line 21 carries one pair of bytes a frame of NTSC video, whatever the film's rate. */
const fps = '30000/1001';
const secondsPerFrame = 1 / rateNumber(parseRate(fps));
/** A caption that nothing takes away goes after 16 s (47 CFR 79.101). */
const longest = 16;

/** Where text goes: to a page that is shown later (pop-on), to what is seen (roll-up, paint-on), or nowhere (another channel, text mode). */
type Mode = 'later' | 'now' | 'nowhere';

interface Decoder {
  mode: Mode;
  /** Written for the next page. */
  later: string;
  /** What is seen, and since when in seconds. */
  now: string;
  since: number;
  cues: Cue[];
}

const line = /^(\d{2}:\d{2}:\d{2}[:;.,]\d{2})\s+((?:[0-9a-f]{4}\s*)+)$/i;

/**
 * Reads Scenarist SCC: the caption data of CEA-608, its first channel. Labels with a semicolon leave numbers out, others count
 * every frame; each pair of bytes arrives one frame after the one before it. Of captions that roll up each line is one subtitle.
 * @throws BacklotError `bad-timecode` where a label is none
 */
export function parseScc(text: string): Cue[] {
  const decoder: Decoder = { mode: 'nowhere', later: '', now: '', since: 0, cues: [] };
  for (const written of text.split(/\r\n?|\n/)) {
    const [, label, pairs = ''] = line.exec(written.trim()) ?? [];
    if (!label) continue;
    const dropFrame = /[;,]/.test(label);
    const start = frameOf(label.replace(/[.,]/, dropFrame ? ';' : ':'), fps, null, dropFrame);
    takeLine(decoder, start, pairs.trim().split(/\s+/));
  }
  erase(decoder, decoder.since + longest);
  return decoder.cues;
}

function takeLine(decoder: Decoder, start: number, pairs: readonly string[]): void {
  let before = '';
  for (const [n, pair] of pairs.entries()) {
    // Commands are sent twice, so that one that is lost does no harm.
    const isRepeated = pair === before && isCommand(bytesOf(pair)[0]);
    before = isRepeated ? '' : pair;
    if (!isRepeated) take(decoder, bytesOf(pair), (start + n) * secondsPerFrame);
  }
}

/** The highest bit of each byte is its parity. */
const bytesOf = (pair: string): [number, number] => {
  const bytes = Number.parseInt(pair, 16) & 0x7f7f;
  return [bytes >> 8, bytes & 0xff];
};
const isCommand = (first: number): boolean => first >= 0x10 && first < 0x20;

function take(decoder: Decoder, [first, second]: [number, number], at: number): void {
  if (!isCommand(first)) {
    for (const code of [first, second]) if (code >= 0x20) write(decoder, letterOf(code), at);
    return;
  }
  // The second channel's commands have this bit; its text comes after them, and is not read.
  if (first & 0x08) decoder.mode = 'nowhere';
  else if ((first === 0x14 || first === 0x15) && second < 0x40) command(decoder, second, at);
  else takePair(decoder, [first, second], at);
}

function takePair(decoder: Decoder, [first, second]: [number, number], at: number): void {
  const found = letterOfPair(first, second);
  if (found?.replaces) backspace(decoder);
  // Places of rows and colours part words.
  write(decoder, found?.letter ?? ' ', at);
}

function goTo(mode: Mode): (decoder: Decoder) => void {
  return (decoder) => {
    decoder.mode = mode;
  };
}

/** What commands do, by their second byte; those that are not here change no words. */
const commands: Record<number, (decoder: Decoder, at: number) => void> = {
  32: goTo('later'),
  33: (decoder) => backspace(decoder),
  37: rollUp,
  38: rollUp,
  39: rollUp,
  41: (decoder, at) => {
    erase(decoder, at);
    decoder.mode = 'now';
  },
  42: goTo('nowhere'),
  43: goTo('nowhere'),
  44: erase,
  45: (decoder, at) => (decoder.mode === 'now' ? erase(decoder, at) : undefined),
  46: (decoder) => {
    decoder.later = '';
  },
  47: (decoder, at) => {
    erase(decoder, at);
    Object.assign(decoder, { mode: 'later', now: decoder.later, later: '', since: at });
  },
};

const command = (decoder: Decoder, code: number, at: number): void => commands[code]?.(decoder, at);

/** A page that was shown is taken away when lines begin to roll. */
function rollUp(decoder: Decoder, at: number): void {
  if (decoder.mode !== 'now') erase(decoder, at);
  decoder.mode = 'now';
}

function write(decoder: Decoder, letter: string, at: number): void {
  if (decoder.mode === 'nowhere') return;
  if (decoder.mode === 'now' && decoder.now.trim() === '') decoder.since = at;
  decoder[decoder.mode] += letter;
}

function backspace(decoder: Decoder): void {
  if (decoder.mode !== 'nowhere') decoder[decoder.mode] = decoder[decoder.mode].slice(0, -1);
}

/** Ends what is seen. */
function erase(decoder: Decoder, at: number): void {
  const text = decoder.now.replace(/\s+/g, ' ').trim();
  const endSeconds = Math.min(at, decoder.since + longest);
  if (text !== '') decoder.cues.push({ startSeconds: decoder.since, endSeconds, text });
  decoder.now = '';
}
