import { z } from 'zod';
import type { CameraFollower, SeenMotion } from './camera.ts';
import { frameOfGrid, type PrintTaker } from './copies/prints.ts';
import type { Detector, DetectorState } from './detector.ts';
import type { Doubt, DoubtBook } from './doubts.ts';
import type { Measures } from './measures.ts';
import { foundTransitionSchema, spanSchema } from './schema.ts';
import type { KeeperState, StillKeeper } from './stills.ts';

/** Everything that a pass over a film has come to, but for the frames that its detector holds: those are decoded again. */
export interface PassState {
  detector: DetectorState;
  measures: Float32Array;
  prints: Uint8Array[];
  camera: SeenMotion[];
  /** Where the part begins that is not closed yet. */
  partFrom: number;
  doubts: Doubt[];
  stills: KeeperState;
}

/** What works on a film in a pass. */
export interface PassParts {
  detector: Detector;
  measures: Measures;
  prints: PrintTaker;
  camera: CameraFollower;
  partFrom: () => number;
  book: DoubtBook | undefined;
  stills: StillKeeper;
}

const index = z.int().min(0);
const bytes = z.custom<Uint8Array>((some) => some instanceof Uint8Array);
const floats = bytes.transform((some): Float32Array => new Float32Array(aligned(some)));
const lines = z.strictObject({ rows: bytes, columns: bytes }).nullable();
const steps = z.strictObject({ all: floats, left: floats });
const gradients = z.strictObject({
  ...{ rows: floats, columns: floats, scaleX: z.number(), scaleY: z.number() },
  steps: z.strictObject({ rows: steps, columns: steps }),
});

/** What came since the growth before: never written again. */
export const growthSchema = z.strictObject({
  found: z.array(foundTransitionSchema),
  measures: floats,
  prints: z.array(bytes),
  camera: bytes.transform((some): Float64Array => new Float64Array(aligned(some))),
  doubts: z.array(z.strictObject({ found: index, from: index, frames: index })),
  pictures: z.array(z.strictObject({ index, gradients })),
  lines: z.array(z.strictObject({ index, lines })),
});
type Growth = z.infer<typeof growthSchema>;

/** What is written anew each time. */
export const standSchema = z.strictObject({
  ...{ first: index, end: index, settled: index, partFrom: index },
  stills: z.strictObject({
    ...{
      parts: z.array(spanSchema.extend({ due: index })),
      keptTo: index,
      stride: index,
      done: index,
      ordinal: index,
      last: index,
    },
    held: z.array(
      z.strictObject({
        index,
        ordinal: index,
        lines,
        picture: bytes.transform((some): Buffer => Buffer.from(some)),
      }),
    ),
  }),
});
type Stand = z.infer<typeof standSchema>;

const aligned = (some: Uint8Array): ArrayBuffer => Uint8Array.from(some).buffer;

/** How much of what only grows is known. */
export const nothingYet = {
  ...{ found: 0, measures: 0, prints: 0, camera: 0, doubts: 0, pictures: 0, lines: 0 },
};
export type Counts = typeof nothingYet;

export const countsOf = ({ detector, prints, camera, doubts, stills }: PassState): Counts => ({
  ...{ found: detector.found.length, measures: detector.end, prints: prints.length },
  ...{ camera: camera.length, doubts: doubts.length },
  ...{ pictures: stills.kept.pictures.length, lines: stills.kept.lines.length },
});

/**
 * What a pass has come to now.
 * @param known how much of what grows is told already
 * @returns null where not all stills have come yet from before the frames that the detector holds
 */
export function stateOf(pass: PassParts, known: Counts) {
  const { first, end, settled, found } = pass.detector.state();
  const stills = pass.stills.state(first);
  if (!stills) return null;
  const { kept, ...held } = stills;
  const doubts = pass.book?.doubts ?? [];
  const growth: Growth = {
    found: found.slice(known.found),
    measures: pass.measures.since(known.measures),
    prints: pass.prints.since(known.prints),
    camera: motionValues(pass.camera.since(known.camera)),
    doubts: doubts.slice(known.doubts).map((one) => ({ ...one, found: found.indexOf(one.found) })),
    pictures: kept.pictures.slice(known.pictures).map(({ index, gradients }) => ({ index, gradients })),
    lines: kept.lines.slice(known.lines),
  };
  const stand: Stand = { first, end, settled, partFrom: pass.partFrom(), stills: held };
  const counts: Counts = {
    ...{ found: found.length, measures: end, prints: known.prints + growth.prints.length },
    ...{ camera: known.camera + growth.camera.length / valuesAMotion, doubts: doubts.length },
    ...{ pictures: kept.pictures.length, lines: kept.lines.length },
  };
  return { growth, stand, counts };
}

/** @param fileOf where the picture of a frame lies */
export function stateFrom(
  growths: readonly Growth[],
  stand: Stand,
  { fps, fileOf }: { fps: number; fileOf: (index: number) => string },
): PassState {
  const { first, end, settled, partFrom, stills } = stand;
  const found = growths.flatMap((one) => one.found);
  const pictures = growths.flatMap((one) => one.pictures.map((p) => ({ ...p, file: fileOf(p.index) })));
  const kept = { pictures, lines: growths.flatMap((one) => one.lines) };
  return {
    detector: { first, end, settled, found },
    measures: new Float32Array(aligned(joined(growths.map((one) => one.measures)))),
    prints: growths.flatMap((one) => one.prints),
    camera: motionsFrom(growths.flatMap((one) => [...one.camera])).map((motion, n) => ({
      ...{ frame: frameOfGrid(n, fps), motion },
    })),
    partFrom,
    doubts: growths.flatMap((one) =>
      one.doubts.map((doubt) => ({ ...doubt, found: found[doubt.found] ?? missing() })),
    ),
    stills: { ...stills, kept },
  };
}

const joined = (some: readonly Float32Array[]): Buffer =>
  Buffer.concat(some.map((one) => new Uint8Array(one.buffer, one.byteOffset, one.byteLength)));

function missing(): never {
  throw new RangeError('a doubt about a transition that was not kept');
}

/** Of each motion whether it is known, x, y and grow. */
const valuesAMotion = 4;

const motionValues = (seen: readonly SeenMotion[]): Float64Array =>
  Float64Array.from(
    seen.flatMap(({ motion }) => (motion ? [1, motion.x, motion.y, motion.grow] : [0, 0, 0, 0])),
  );

const motionsFrom = (values: readonly number[]): SeenMotion['motion'][] =>
  Array.from({ length: values.length / valuesAMotion }, (_, n) => {
    const [known, x, y, grow] = values.slice(n * valuesAMotion, (n + 1) * valuesAMotion) as [
      number,
      number,
      number,
      number,
    ];
    return known ? { x, y, grow } : null;
  });
