import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { encode } from 'cborg';
import { BacklotError } from '../contract/index.ts';
import type { Detector } from './detector.ts';
import { type GrownFile, openGrown } from './grown-file.ts';
import { type AskedKey, doubtFile, grownFile, type Head, headFile, type Left } from './left-pass.ts';
import { countsOf, nothingYet, type PassParts, type PassState, stateOf } from './pass-state.ts';
import { writeWhole } from './thumbnail.ts';

/** Keeps on the disk what a pass has come to, so that another one can go on from there. */
export interface PassKeeper {
  /** What the pass goes on from; undefined: from the film's first frame. */
  from: PassState | undefined;
  /** Frames that the network is to look at, with the exact detector. */
  doubts: GrownFile | null;
  /**
   * To be called after each frame.
   * @throws BacklotError `frames-differ` where the first frames are not those that were kept; what writing throws
   */
  after(pass: PassParts): void;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

/**
 * Frames after a decision: few are held then, which another pass has to decode again, and the stills of the shots that it ended are
 * kept and no longer held.
 */
const soonAfter = 96;

export interface KeepOptions {
  folder: string;
  key: AskedKey;
  /** Milliseconds of work from one keeping to the next, at least. */
  everyMs: number;
}

/** @param left what an earlier pass left in the folder, which this one goes on from */
export async function openKeeper(options: KeepOptions, left: Left | null): Promise<PassKeeper> {
  const { folder, key } = options;
  await mkdir(folder, { recursive: true });
  const grown = await openGrown(grownFile(folder), left?.head.grown ?? null);
  const doubts =
    key.detector === 'exact' ? await openGrown(doubtFile(folder), left?.head.doubts ?? null) : null;
  const writer = headWriter(options, { grown, doubts }, left);
  let settled = left?.state.detector.settled ?? 0;
  let due: number | null = null;
  return {
    from: left?.state,
    doubts,
    after: (pass) => {
      const state = pass.detector.state();
      if (left && state.end === left.state.detector.end) needSame(folder, left.head.seen, pass.detector);
      if (state.settled !== settled) due ??= state.end + soonAfter;
      settled = state.settled;
      if (due === null || state.end < due) return;
      due = null;
      writer.write(pass);
    },
    close: async () => {
      await writer.done();
      await Promise.all([grown.close(), doubts?.close()]);
    },
  };
}

/** Writes one at a time, and not too often. */
function headWriter(
  { folder, key, everyMs }: KeepOptions,
  { grown, doubts }: { grown: GrownFile; doubts: GrownFile | null },
  left: Left | null,
) {
  let counts = left ? countsOf(left.state) : nothingYet;
  let writing: Promise<void> | null = null;
  let failure: unknown = null;
  let last = Date.now();
  const whole = async (head: Omit<Head, 'key'>, pass: PassParts) => {
    const by = await key.by();
    const bytes = encode({ key: { ...key, by }, ...head });
    await Promise.all([pass.stills.written(), grown.written(), doubts?.written()]);
    await writeWhole(bytes, headFile(folder));
  };
  const write = (pass: PassParts) => {
    if (failure) throw failure;
    if (writing || Date.now() - last < everyMs) return;
    const now = stateOf(pass, counts);
    if (!now) return;
    grown.add(encode(now.growth));
    counts = now.counts;
    const marks = { grown: grown.mark(), doubts: doubts?.mark() ?? null, seen: seenBy(pass.detector) };
    writing = whole({ stand: now.stand, ...marks }, pass)
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        [writing, last] = [null, Date.now()];
      });
  };
  return { write, done: async () => void (await writing) };
}

/** sha256 of the frames that a detector holds. */
function seenBy(detector: Detector): string {
  const { first, end } = detector.state();
  const hash = createHash('sha256');
  for (let k = first; k < end; k++) hash.update(detector.at(k).pixels);
  return hash.digest('hex');
}

function needSame(where: string, seen: string, detector: Detector): void {
  if (seenBy(detector) === seen) return;
  throw new BacklotError('frames-differ', {
    expected: 'the frames that were seen before',
    where,
    found: 'others after a seek',
    remedy: 'The film is read from its beginning.',
  });
}
