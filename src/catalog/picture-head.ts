import { readTimecodeTag } from '../media/index.ts';
import { pngHead } from './png-head.ts';
import type { SequenceFacts } from './schema.ts';

/** What the first bytes of a PNG, DPX or EXR picture say. */
export interface PictureHead {
  /** By its first bytes, whatever its name says. */
  kind: 'png' | 'dpx' | 'exr';
  width: number;
  height: number;
  light: SequenceFacts['light'];
  /** What is taken for granted of it, or left aside. */
  granted: NonNullable<SequenceFacts['granted']>;
  /** Timecode of the picture and frames a second; null where the header says none. */
  time: { timecode: string | null; speed: number | null };
  /** Why its colours cannot be shown as they are meant, and what to do; null where they can. */
  problem: string | null;
}

const graded = 'export it graded for display (BT.709 or sRGB)';

/** Null where the bytes are none of the three, or are cut off. @param head the first bytes, up to 64 KiB */
export function pictureHead(head: Buffer): PictureHead | null {
  try {
    return pngPicture(head) ?? dpxHead(head) ?? exrHead(head);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function pngPicture(head: Buffer): PictureHead | null {
  const png = pngHead(head);
  if (!png) return null;
  const problem = png.problem && `${png.problem}: ${graded}`;
  return { ...png, kind: 'png', light: 'display', granted: [], time: untimed, problem };
}

const untimed: PictureHead['time'] = { timecode: null, speed: null };

/** Transfer characteristics (SMPTE ST 268): printing density, linear, logarithmic, depth by two rules. */
const dpxTransfers: Record<number, string> = {
  1: "holds printing density, which needs its film's curve to be seen",
  2: "holds linear light, which needs its film's curve to be seen",
  3: "holds logarithmic values, which need their film's curve to be seen",
  11: 'holds depth, not colours',
  12: 'holds depth, not colours',
};

/** Curves of video. Others are the user's own, or not said: many scans in logarithmic values say no more. */
const dpxVideo = [4, 5, 6, 7, 8, 9, 10];

/** ffmpeg's writer says linear whatever it writes, and signs as creator. */
const isByFfmpeg = (head: Buffer): boolean => head.toString('latin1', 160, 164) === 'Lavc';

function dpxHead(head: Buffer): PictureHead | null {
  const mark = head.toString('latin1', 0, 4);
  if (mark !== 'SDPX' && mark !== 'XPDS') return null;
  const word = (at: number) => (mark === 'SDPX' ? head.readUInt32BE(at) : head.readUInt32LE(at));
  const transfer = isByFfmpeg(head) ? null : head.readUInt8(801);
  const found = dpxTransfers[transfer ?? -1];
  const problem = found ? `${found}: ${graded}` : null;
  const isSaid = transfer === null || dpxVideo.includes(transfer);
  return {
    ...{ kind: 'dpx', width: word(772), height: word(776), light: 'display', time: dpxTime(word), problem },
    granted: isSaid ? [] : ['light-assumed'],
  };
}

/**
 * Time in DPX headers (SMPTE ST 268): label at 1920, rate of television at 1940, of film at 1724, four bytes each. Headers may
 * be shorter: what lies behind the offset of the image data (at 4) is picture.
 */
function dpxTime(word: (at: number) => number): PictureHead['time'] {
  const end = word(4);
  const has = (at: number) => at + 4 <= end;
  const number = (at: number) => (has(at) ? speedOf(floatOf(word(at))) : null);
  return { timecode: has(1920) ? timecodeIn(word(1920)) : null, speed: number(1940) ?? number(1724) };
}

function floatOf(word: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(word);
  return bytes.readFloatLE(0);
}

/** Programs fill what they do not know with zeros, ones or infinity; no camera is faster. */
const fastest = 1000;
const speedOf = (value: number): number | null => (value >= 0.001 && value <= fastest ? value : null);

/**
 * A label packed as decimal digits, hours first (ST 12-1, as DPX and OpenEXR's TimeCode store it); bit 6 says that frames are
 * dropped, bit 7 and the highest bits of the other bytes are flags.
 */
function timecodeIn(word: number): string | null {
  if (word === 0xffffffff) return null;
  const digits = [(word >>> 24) & 0x3f, (word >>> 16) & 0x7f, (word >>> 8) & 0x7f, word & 0x3f];
  const [hours, minutes, seconds, frames] = digits.map((byte) => byte.toString(16).padStart(2, '0'));
  const text = `${hours}:${minutes}:${seconds}${word & 0x40 ? ';' : ':'}${frames}`;
  return readTimecodeTag(text)?.text ?? null;
}

/** x and y of red, green, blue and white of BT.709, which EXR without `chromaticities` has. */
const bt709 = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329];
const sameColour = 0.002;
/** The bit of the second word that says a file has several parts. */
const severalParts = 0x1000;

function exrHead(head: Buffer): PictureHead | null {
  if (head.readUInt32LE(0) !== 0x01312f76) return null;
  const found = exrAttributes(head);
  const box = found.get('displayWindow');
  if (!box) return null;
  const [left, top, right, bottom] = [0, 4, 8, 12].map((at) => box.readInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const colours = found.get('chromaticities');
  const isOther =
    colours && bt709.some((value, i) => Math.abs(colours.readFloatLE(i * 4) - value) > sameColour);
  const problem = isOther ? `has other primaries than BT.709 (such as ACES): ${graded}` : null;
  return {
    kind: 'exr',
    width: right - left + 1,
    height: bottom - top + 1,
    light: 'linear',
    granted: head.readUInt32LE(4) & severalParts ? ['first-part-only'] : [],
    time: exrTime(found),
    problem,
  };
}

/** Standard attributes `timeCode` (label and user data) and `framesPerSecond` (a fraction) of OpenEXR. */
function exrTime(found: ReadonlyMap<string, Buffer>): PictureHead['time'] {
  const [label, rate] = [found.get('timeCode'), found.get('framesPerSecond')];
  return {
    timecode: label && label.length >= 4 ? timecodeIn(label.readUInt32LE(0)) : null,
    speed: rate && rate.length >= 8 ? speedOf(rate.readInt32LE(0) / rate.readUInt32LE(4)) : null,
  };
}

/** The header's attributes: name, type, length and value of each, up to an empty name (OpenEXR file layout). */
function exrAttributes(head: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  let at = 8;
  const text = () => {
    const end = head.indexOf(0, at);
    if (end < 0) throw new RangeError('the header is cut off');
    const value = head.toString('latin1', at, end);
    at = end + 1;
    return value;
  };
  for (let name = text(); name !== ''; name = text()) {
    text();
    const length = head.readInt32LE(at);
    if (length < 0) throw new RangeError('an attribute of negative length');
    found.set(name, head.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}
