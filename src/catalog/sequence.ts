import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type DecodeCheck,
  formatRate,
  gapsOf,
  parseRate,
  type Sequence,
  sequenceHash,
} from '../media/index.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { type PictureHead, pictureHead } from './picture-head.ts';
import { Refusal } from './refusal.ts';
import type { CatalogFile, FilmFacts, SequenceFacts } from './schema.ts';
import { rateInHeads, type SequenceTime, type TimeHead, timeInHeads } from './sequence-head.ts';

/** What was read of a film before it is decoded; `sequence` where it is kept as numbered pictures. */
export interface Print extends Fingerprint {
  sequence: (Sequence & Pick<PictureHead, 'light' | 'granted'> & { heads: TimeHead[] }) | null;
}

/** How an image sequence is read as a film. */
export interface SequenceRead extends SequenceTime {
  /** Rational. */
  fps: string;
  rate: SequenceFacts['rate'];
  light: SequenceFacts['light'];
  granted: PictureHead['granted'];
  numbers: readonly number[];
}

/** Missing stretches that a reason names. */
const namedGaps = 5;

/**
 * Reads every picture of a sequence once, read-only.
 * @throws Refusal `sequence-gaps`, `sequence-mixed`, `unsupported-colour`, `undecodable`
 */
export async function fingerprintSequence(
  sequence: Sequence,
  onBytes: (done: number) => void,
  signal: AbortSignal,
): Promise<Print> {
  refuseGaps(sequence.numbers);
  const prints: Fingerprint[] = [];
  const heads: PictureHead[] = [];
  let bytes = 0;
  for (const file of sequence.files) {
    const before = bytes;
    const print = await fingerprint(file, (done) => onBytes(before + done), signal);
    bytes += print.bytes;
    const head = checkedHead(prints[0] ?? print, print, file);
    heads.push(head);
    // Only the first picture's start is needed later.
    prints.push(prints.length === 0 ? print : { ...print, head: Buffer.alloc(0) });
  }
  const light = heads[0]?.light ?? 'display';
  const granted = [...new Set(heads.flatMap((head) => head.granted))];
  const read = { ...sequence, light, granted, heads: heads.map(({ time }) => time) };
  return { ...joined(prints), bytes, sequence: read };
}

function joined(prints: readonly Fingerprint[]): Fingerprint {
  const marks = prints.flatMap((print) => print.marks);
  return {
    sha256: sequenceHash(prints.map((print) => print.sha256)),
    bytes: 0,
    modifiedMs: Math.max(...prints.map((print) => print.modifiedMs)),
    head: prints[0]?.head ?? Buffer.alloc(0),
    marks: [...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values()],
  };
}

function refuseGaps(numbers: readonly number[]): void {
  const gaps = gapsOf(numbers);
  if (gaps.length === 0) return;
  const named = gaps.slice(0, namedGaps).map(([from, to]) => (from === to ? from : `${from}-${to}`));
  const more = gaps.length > namedGaps ? ` and ${gaps.length - namedGaps} more stretches` : '';
  throw new Refusal(
    'sequence-gaps',
    `its pictures ${named.join(', ')}${more} are missing: bring them back, or put each whole stretch into a folder of its own`,
  );
}

function checkedHead(first: Fingerprint, print: Fingerprint, file: string): PictureHead {
  const [one, other] = [pictureHead(first.head), pictureHead(print.head)];
  if (!other)
    throw new Refusal('undecodable', `${basename(file)} is damaged or no picture: restore it from a copy`);
  if (!file.toLowerCase().endsWith(`.${other.kind}`))
    throw new Refusal(
      'undecodable',
      `${basename(file)} is ${other.kind.toUpperCase()} by its bytes: name pictures after what they are`,
    );
  if (one && (one.width !== other.width || one.height !== other.height)) {
    const sizes = `${other.width}x${other.height}, the first picture ${one.width}x${one.height}`;
    throw new Refusal(
      'sequence-mixed',
      `${basename(file)} is ${sizes}: put pictures of one size into each folder`,
    );
  }
  if (other.problem) throw new Refusal('unsupported-colour', `${basename(file)} ${other.problem}`);
  return other;
}

/** Whether any picture was written to, came or went since they were read. */
export async function sequenceChanged(now: Sequence | null, print: Print): Promise<boolean> {
  if (!now || now.numbers.join() !== print.sequence?.numbers.join()) return true;
  const facts = await Promise.all(now.files.map((file) => stat(file)));
  const bytes = facts.reduce((sum, { size }) => sum + size, 0);
  return bytes !== print.bytes || Math.max(...facts.map(({ mtimeMs }) => mtimeMs)) !== print.modifiedMs;
}

const assumedRate = '24/1';

/** The rate that was given, now or before, else that of the pictures' headers, else 24. */
export function sequenceRead(
  { sequence }: Print,
  given: string | undefined,
  known: CatalogFile | null,
): SequenceRead | null {
  if (!sequence) return null;
  const { numbers, light, granted, heads, files } = sequence;
  const { fps, rate } = rateOf(heads, given, known);
  const time = timeInHeads(heads, files, { fps, isGiven: rate === 'given' });
  return { fps, rate, light, granted, numbers, ...time };
}

function rateOf(
  heads: readonly TimeHead[],
  given: string | undefined,
  known: CatalogFile | null,
): Pick<SequenceRead, 'fps' | 'rate'> {
  if (given !== undefined) return { fps: formatRate(parseRate(given)), rate: 'given' };
  if (known?.facts.sequence?.rate === 'given') return { fps: known.fps, rate: 'given' };
  const said = rateInHeads(heads);
  return said === null ? { fps: assumedRate, rate: 'assumed' } : { fps: said, rate: 'header' };
}

/** Whether a catalogued sequence reads otherwise now: at a rate that is given, or because nobody read its headers before. */
export const readsAnew = ({ sequence }: Print, given: string | undefined, { facts }: CatalogFile): boolean =>
  sequence !== null &&
  (given !== undefined ||
    (facts.sequence?.granted === undefined && sequence.granted.length > 0) ||
    (facts.sequence?.contradicts === undefined &&
      sequence.heads.some(({ timecode, speed }) => timecode !== null || speed !== null)));

/** Frame n is the n-th picture only where every picture decodes. @throws Refusal `undecodable` */
export function refuseTorn({ numbers }: SequenceRead, check: DecodeCheck): void {
  const decoded = new Set(check.pts);
  const torn = numbers.filter((_, i) => !decoded.has(i));
  if (torn.length === 0) return;
  const said = check.messages[0] ?? 'the decoder gives no reason';
  throw new Refusal(
    'undecodable',
    `${torn.length} of its pictures do not decode, the first is ${torn[0]} (${said}): restore them from a copy`,
  );
}

/** Facts that the pictures themselves do not know. */
export const sequenceFacts = ({ numbers, rate, light, granted, contradicts, ...read }: SequenceRead) =>
  ({
    ...{ declaredRate: null, declaredSeconds: null, declaredVideoSeconds: null, formatChanges: 0 },
    declaredFrames: numbers.length,
    startTimecode: read.startTimecode,
    dropFrame: read.dropFrame,
    unreadTimecode: read.unreadTimecode,
    sequence: { first: numbers[0] ?? 0, rate, light, granted, contradicts },
  }) satisfies Partial<FilmFacts>;
