import { inflateSync } from 'node:zlib';

const mark = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Transfer characteristics in a `cICP` chunk (ITU-T H.273): linear light, PQ and HLG. */
const linearTransfer = 8;
const hdrTransfers = [16, 18];
/** Primaries there that are BT.709's, are not said, or are those of standard definition, which are near enough. */
const ownPrimaries = [1, 2, 5, 6, 7];

/** Why its colours cannot be shown as they are meant; null where they can. */
interface PngHead {
  width: number;
  height: number;
  problem: string | null;
}

/**
 * PNG (W3C, third edition): IHDR first, and what says how colours are meant before the pixels. Of several that do, `cICP`
 * counts before a profile, that before `sRGB`, and that before curve and primaries alone. Null where it is no PNG.
 */
export function pngHead(head: Buffer): PngHead | null {
  if (!head.subarray(0, 8).equals(mark)) return null;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), problem: problemIn(chunksIn(head)) };
}

type Chunks = ReadonlyMap<string, Buffer>;

/** What stands before the pixels. */
function chunksIn(head: Buffer): Chunks {
  const found = new Map<string, Buffer>();
  for (let at = 8; at + 8 <= head.length; ) {
    const [length, name] = [head.readUInt32BE(at), head.toString('latin1', at + 4, at + 8)];
    if (name === 'IDAT') break;
    found.set(name, head.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

const other = 'has other primaries than BT.709';
const linear = "holds linear light, which ffmpeg shows as a screen's";

function problemIn(chunks: Chunks): string | null {
  const coding = chunks.get('cICP');
  if (coding) return codedBy(coding.readUInt8(0), coding.readUInt8(1));
  const profile = chunks.get('iCCP');
  if (profile) return problemOfProfile(profile);
  if (chunks.has('sRGB')) return null;
  if ((chunks.get('gAMA')?.readUInt32BE(0) ?? 0) === oneToOne) return linear;
  return isOtherPrimaries(chunks.get('cHRM')) ? other : null;
}

function codedBy(primaries: number, transfer: number): string | null {
  if (hdrTransfers.includes(transfer)) return 'is HDR, which is not tone-mapped';
  if (transfer === linearTransfer) return linear;
  return ownPrimaries.includes(primaries) ? null : other;
}

/** `gAMA` of light as it is; it counts hundred thousandths, as `cHRM` does. */
const oneToOne = 100_000;

/** x and y of white, red, green and blue of BT.709, and how far what programs write, and standard definition's, may lie from them. */
const bt709 = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
const near = 0.015;

const isOtherPrimaries = (said: Buffer | undefined): boolean =>
  said !== undefined &&
  bt709.some((value, i) => Math.abs(said.readUInt32BE(4 * i) / oneToOne - value) > near);

/** Colours of sRGB in a profile's own space, which has the white of D50 (IEC 61966-2-1, ICC.1): X, Y, Z. */
const sRgb = {
  rXYZ: [0.436, 0.2224, 0.0139],
  gXYZ: [0.3851, 0.7169, 0.0971],
  bXYZ: [0.1431, 0.0606, 0.7139],
};

/** A name, a zero, the way it is packed, and the profile. One that cannot be read, or has tables for colours, says nothing here. */
function problemOfProfile(chunk: Buffer): string | null {
  const profile = unpacked(chunk.subarray(chunk.indexOf(0) + 2));
  if (profile === null) return null;
  if (isLinear(tagIn(profile, 'rTRC'))) return linear;
  return isOther(profile) ? other : null;
}

function isOther(profile: Buffer): boolean {
  return Object.entries(sRgb).some(([name, wanted]) => {
    const colour = colourIn(profile, name);
    return colour !== null && wanted.some((value, i) => Math.abs((colour[i] as number) - value) > near);
  });
}

/** Bytes: profiles with tables for a printer have a few million; a few thousand packed ones may hold any number. */
const LARGEST_PROFILE = 4 << 20;

function unpacked(bytes: Buffer): Buffer | null {
  try {
    return inflateSync(bytes, { maxOutputLength: LARGEST_PROFILE });
  } catch {
    return null;
  }
}

function colourIn(profile: Buffer, name: string): number[] | null {
  const tag = tagIn(profile, name);
  if (tag === null || tag.length < 20) return null;
  return [8, 12, 16].map((at) => tag.readInt32BE(at) / 65_536);
}

/** A curve of no values, of the one exponent 1, of values on a line, or a function that is that exponent (ICC.1, `curv` and `para`). */
function isLinear(curve: Buffer | null): boolean {
  if (curve === null || curve.length < 12) return false;
  const kind = curve.toString('latin1', 0, 4);
  if (kind === 'para')
    return curve.length >= 16 && curve.readUInt16BE(8) === 0 && curve.readInt32BE(12) === 65_536;
  const count = kind === 'curv' ? curve.readUInt32BE(8) : -1;
  if (count < 0 || curve.length < 12 + 2 * count) return false;
  if (count === 1) return curve.readUInt16BE(12) === 256;
  return Array.from({ length: count }, (_, i) => curve.readUInt16BE(12 + 2 * i)).every(
    (value, i) => Math.abs(value / 65_535 - i / (count - 1)) < 1 / 255,
  );
}

/** A tag of an ICC profile: from byte 128 on their number, then name, offset and length of each. Null where it is not there whole. */
function tagIn(profile: Buffer, name: string): Buffer | null {
  const tags = profile.length < 132 ? 0 : profile.readUInt32BE(128);
  for (let at = 132; at + 12 <= Math.min(132 + 12 * tags, profile.length); at += 12) {
    if (profile.toString('latin1', at, at + 4) !== name) continue;
    const [from, length] = [profile.readUInt32BE(at + 4), profile.readUInt32BE(at + 8)];
    return from + length <= profile.length ? profile.subarray(from, from + length) : null;
  }
  return null;
}
