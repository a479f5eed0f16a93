import { messageOf } from '../contract/index.ts';
import { frameOf, parseRate, rateNumber } from '../media/index.ts';
import {
  coveredBy,
  decoded,
  emptyTimeline,
  type Mix,
  mixNamed,
  nameMedium,
  type ReadTimeline,
  unreadable,
} from './timeline.ts';
import { childOf, type Element, parseXml, textOf } from './xml.ts';

/**
 * Reads the first video track of the first sequence of a Final Cut Pro 7 XML file.
 * @param fps rate of the film; the sequence must have the same
 * @throws BacklotError `cut-unreadable`
 */
export function readFcp7(text: string, fps: string): ReadTimeline {
  const root = documentIn(text);
  if (root.name === 'fcpxml') unreadable('XML', 'Final Cut Pro 7 XML (xmeml)', "Final Cut Pro X's fcpxml");
  const sequence = firstNamed(root, 'sequence');
  if (!sequence) return unreadable('XML', 'a sequence', `a document of ${root.name}`);
  checkRate(sequence, fps);
  const tracks = (childOf(sequence, 'media', 'video')?.children ?? []).filter(({ name }) => name === 'track');
  const read = emptyTimeline(textOf(sequence, 'name') ?? '', startOf(sequence, fps));
  const [items = [], ...others] = tracks.map(itemsOf);
  read.covers.push(...coveredBy(others.filter((track) => track.length > 0).length));
  for (const [i, item] of items.entries()) addItem(read, items, item, i);
  if (read.clips.length === 0) return unreadable('XML', 'a video track with clips', 'none');
  return read;
}

const itemsOf = (track: Element) => track.children.filter(({ name }) => /item$/.test(name));

function documentIn(text: string): Element {
  try {
    return parseXml(text);
  } catch (error) {
    return unreadable('XML', 'a well-formed document', messageOf(error));
  }
}

function firstNamed(element: Element, name: string): Element | undefined {
  if (element.name === name) return element;
  for (const child of element.children) {
    const found = firstNamed(child, name);
    if (found) return found;
  }
  return undefined;
}

function checkRate(sequence: Element, fps: string): void {
  const timebase = Number(textOf(sequence, 'rate', 'timebase'));
  const ntsc = /true/i.test(textOf(sequence, 'rate', 'ntsc') ?? '');
  const rate = ntsc ? (timebase * 1000) / 1001 : timebase;
  if (Math.abs(rate - rateNumber(parseRate(fps))) < 0.001) return;
  unreadable('XML sequence', `the film's rate, ${fps} frames a second`, `timebase ${timebase}, ntsc ${ntsc}`);
}

function startOf(sequence: Element, fps: string): number | null {
  const timecode = childOf(sequence, 'timecode');
  const [frame, label] = [textOf(timecode, 'frame'), textOf(timecode, 'string')];
  if (frame !== undefined && /^\d+$/.test(frame)) return Number(frame);
  const drop = textOf(timecode, 'displayformat') === 'DF';
  return label ? frameOf(label, fps, null, drop || label.includes(';')) : null;
}

const numberIn = (item: Element, name: string): number => {
  const value = Number(textOf(item, name) ?? 'none');
  return Number.isInteger(value)
    ? value
    : unreadable(`XML ${item.name}`, `a whole number in ${name}`, textOf(item, name) ?? 'none');
};

function addItem(read: ReadTimeline, items: readonly Element[], item: Element, i: number): void {
  if (item.name === 'transitionitem') {
    read.transitions.push({ type: mixOf(item), from: numberIn(item, 'start'), to: numberIn(item, 'end') });
    read.frames = Math.max(read.frames, numberIn(item, 'end'));
    return;
  }
  const from = placeOf(item, 'start', items[i - 1]);
  const to = placeOf(item, 'end', items[i + 1]);
  const last = read.clips.at(-1)?.to ?? 0;
  if (from < last || to < from)
    unreadable(
      `XML clip ${JSON.stringify(textOf(item, 'name'))}`,
      `a start at ${last} or later`,
      `${from} to ${to}`,
    );
  if (from > last) read.notices.push(`a gap of ${from - last} frames`);
  read.clips.push({ name: textOf(item, 'name') ?? '', from, to });
  nameMedium(read, textOf(item, 'file', 'name') ?? decoded(textOf(item, 'file', 'pathurl')));
  read.frames = Math.max(read.frames, to);
}

/** -1 stands for the cut inside the transition beside the clip: at its start, its end or its middle, as it is aligned. */
function placeOf(item: Element, side: 'start' | 'end', beside: Element | undefined): number {
  const place = numberIn(item, side);
  if (place !== -1) return place;
  if (beside?.name !== 'transitionitem')
    return unreadable(`XML ${item.name}`, `a transition beside a ${side} of -1`, 'none');
  const [from, to] = [numberIn(beside, 'start'), numberIn(beside, 'end')];
  const alignment = textOf(beside, 'alignment') ?? 'center';
  if (alignment.startsWith('start')) return from;
  return alignment.startsWith('end') ? to : Math.floor((from + to) / 2);
}

/** Its names, the family that Final Cut Pro 7 puts it in, and the number of an SMPTE wipe, which is 0 for others. */
function mixOf(item: Element): Mix {
  const said = (name: string) => textOf(item, 'effect', name) ?? '';
  const words = ['effectid', 'name', 'effectcategory'].map(said).join(' ');
  return Number(said('wipecode')) > 0 ? 'wipe' : mixNamed(words);
}
