import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { messageOf } from '../contract/index.ts';
import { frameOf, rateNumber } from '../media/index.ts';
import type { Cue } from './subtitles.ts';

/** What the root says of how times count. */
interface Clock {
  /** Frames a second, rational. */
  fps: string;
  tickRate: number;
  /** Times are SMPTE labels, which count frames; else seconds. */
  labels: boolean;
  dropFrame: boolean;
}

interface Open {
  name: string;
  start: number;
  end: number;
}

/**
 * Reads TTML (W3C Timed Text, also as DFXP and IMSC text). Times of nested elements add up; a time in `div` or `span` counts as one in `p`.
 * Without a time a paragraph shows as long as what it lies in; one that would never end is none.
 * @throws Error where it is not well formed, or a time is none that the standard has
 */
export function parseTtml(text: string): Cue[] {
  const cues: Cue[] = [];
  const open: Open[] = [];
  let clock: Clock | null = null;
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw new Error(messageOf(error));
  });
  parser.on('opentag', (tag) => {
    clock ??= clockOf(tag);
    open.push(openedIn(open.at(-1), tag, clock));
    if (localName(tag.name) === 'br') addText(cues, open, ' ');
    if (localName(tag.name) === 'p') cues.push({ startSeconds: 0, endSeconds: 0, text: '' });
  });
  parser.on('text', (part) => addText(cues, open, part));
  parser.on('cdata', (part) => addText(cues, open, part));
  parser.on('closetag', () => void open.pop());
  parser.write(text.replace(/^\uFEFF/, '')).close();
  return cues
    .map((cue) => ({ ...cue, text: cue.text.replace(/\s+/g, ' ').trim() }))
    .filter((cue) => cue.text !== '' && cue.startSeconds < cue.endSeconds && Number.isFinite(cue.endSeconds));
}

/** Text shows by the time of what it lies in; a change of time within a paragraph begins another subtitle. */
function addText(cues: Cue[], open: readonly Open[], text: string): void {
  const inside = open.findLastIndex(({ name }) => name === 'p');
  const last = cues.at(-1);
  const at = open.at(-1);
  if (inside < 0 || !last || !at || open.slice(inside).some(({ name }) => !shown.includes(name))) return;
  if (last.text.trim() === '') Object.assign(last, { startSeconds: at.start, endSeconds: at.end });
  const goesOn = text.trim() === '' || (last.startSeconds === at.start && last.endSeconds === at.end);
  if (goesOn) last.text += text;
  else cues.push({ startSeconds: at.start, endSeconds: at.end, text });
}

const shown = ['p', 'span', 'br'];
const localName = (name: string): string => name.replace(/^.*:/, '');

/** An attribute by its name without prefix. */
const attributeOf = ({ attributes }: SaxesTagPlain, name: string): string | undefined =>
  Object.entries(attributes).find(([key]) => localName(key) === name)?.[1];

function clockOf(root: SaxesTagPlain): Clock {
  if (localName(root.name) !== 'tt') throw new Error(`its root is ${root.name}, not tt`);
  const number = (name: string) => Number(attributeOf(root, name) ?? Number.NaN) || null;
  const frames = number('frameRate') ?? 30;
  const [num = 1, den = 1] = (attributeOf(root, 'frameRateMultiplier') ?? '1 1').split(/[\s:]+/).map(Number);
  return {
    fps: `${frames * num}/${den}`,
    tickRate: number('tickRate') ?? (attributeOf(root, 'frameRate') ? frames : 1),
    labels: attributeOf(root, 'timeBase') === 'smpte',
    dropFrame: (attributeOf(root, 'dropMode') ?? 'nonDrop') !== 'nonDrop',
  };
}

function openedIn(parent: Open | undefined, tag: SaxesTagPlain, clock: Clock): Open {
  const at = (name: string) => {
    const written = attributeOf(tag, name);
    return written === undefined ? null : secondsOf(written, clock);
  };
  const [from, last] = [parent?.start ?? 0, parent?.end ?? Number.POSITIVE_INFINITY];
  const [begin, end, dur] = [at('begin'), at('end'), at('dur')];
  const start = from + (begin ?? 0);
  const ends = [last, end === null ? last : from + end, dur === null ? last : start + dur];
  return { name: localName(tag.name), start, end: Math.min(...ends) };
}

const clockTime = /^(\d{2,}):(\d{2}):(\d{2})(?:(\.\d+)|[:;](\d{2,})(?:\.\d+)?)?$/;
const offsetTime = /^(\d+(?:\.\d+)?)(h|m|s|ms|f|t)$/;

/** `00:00:02.5`, `00:00:02:12` or `2.5s`, `60f`, `25000000t` (TTML 2, 12.3). Labels are counted in frames and then divided by the rate. */
function secondsOf(written: string, { fps, tickRate, labels, dropFrame }: Clock): number {
  const [num = 30, den = 1] = fps.split('/').map(Number);
  const rate = rateNumber({ num, den });
  const offset = offsetTime.exec(written.trim());
  if (offset) {
    const unit = { h: 3600, m: 60, s: 1, ms: 0.001, f: 1 / rate, t: 1 / tickRate }[offset[2] as 'h'];
    return Number(offset[1]) * unit;
  }
  const parts = clockTime.exec(written.trim());
  if (!parts) throw new Error(`${JSON.stringify(written)} is no time of TTML`);
  const [, hours, minutes, seconds, fraction = '0', frames = '00'] = parts;
  if (labels && parts[4] === undefined) {
    const label = `${hours}:${minutes}:${seconds}${dropFrame ? ';' : ':'}${frames}`;
    return frameOf(label, fps, null, dropFrame) / rate;
  }
  return (
    Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction) + Number(frames) / rate
  );
}
