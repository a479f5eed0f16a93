/** Which title is a clip of? A plain reader of colours and edges, taught by real clips of it. */

const FRAME = { width: 96, height: 64 };
const FRAME_BYTES = FRAME.width * FRAME.height * 3;
const LEVELS = 6;
const EDGES = 8;
/** Edges of less than half as many grey levels fall into the first bin, each next bin is twice as steep. */
const FIRST_EDGE = 2;
/** As often as is needed for the weights to stand still, and a pull towards none: 225 features, some 170 clips. */
const ROUNDS = 600;
const RATE = 1;
const RIDGE = 0.003;

export interface Known {
  pixels: Buffer;
  title: string;
}

/** @returns the title that a clip of raw uint8 frames x 64 x 96 x RGB looks most like */
export type TitleReader = (pixels: Buffer) => string;

/** Multinomial logistic regression (ridge, every title counts alike) on the square roots of two histograms. */
export function titleReader(known: readonly Known[]): TitleReader {
  const titles = [...new Set(known.map(({ title }) => title))].sort();
  const all = known.map(({ pixels }) => featuresOf(pixels));
  const mean = Float64Array.from(all[0] ?? [], (_, i) => average(all.map((one) => one[i] ?? 0)));
  const centred = (features: Float64Array) => features.map((value, i) => value - (mean[i] ?? 0));
  const weights = fit(
    all.map(centred),
    known.map(({ title }) => titles.indexOf(title)),
    titles.length,
  );
  return (pixels) => {
    const scores = scoresOf(weights, centred(featuresOf(pixels)));
    return titles[scores.indexOf(Math.max(...scores))] ?? '';
  };
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Of the first, middle and last frame together: how often each of 216 colours, and each of 8 steepnesses of edges. */
function featuresOf(pixels: Buffer): Float64Array {
  const counts = new Float64Array(LEVELS ** 3 + EDGES);
  const last = pixels.length / FRAME_BYTES - 1;
  for (const frame of [0, last >> 1, last]) count(pixels.subarray(frame * FRAME_BYTES), counts);
  return counts.map((value) => Math.sqrt(value / (3 * FRAME.width * FRAME.height)));
}

function count(frame: Buffer, counts: Float64Array): void {
  const bin = (at: number) => Math.floor(((frame[at] ?? 0) * LEVELS) / 256);
  for (let at = 0; at < FRAME_BYTES; at += 3) {
    const colour = (bin(at) * LEVELS + bin(at + 1)) * LEVELS + bin(at + 2);
    counts[colour] = (counts[colour] ?? 0) + 1;
    const x = (at / 3) % FRAME.width;
    if (x === FRAME.width - 1) continue;
    const step = Math.abs(greyAt(frame, at) - greyAt(frame, at + 3)) / FIRST_EDGE;
    const edge = LEVELS ** 3 + Math.min(EDGES - 1, Math.max(0, Math.ceil(Math.log2(step + 1e-9)) + 1));
    counts[edge] = (counts[edge] ?? 0) + 1;
  }
}

const greyAt = (frame: Buffer, at: number): number =>
  0.2126 * (frame[at] ?? 0) + 0.7152 * (frame[at + 1] ?? 0) + 0.0722 * (frame[at + 2] ?? 0);

/** A row of weights for each title, the last one its bias. */
function fit(features: readonly Float64Array[], of: readonly number[], titles: number): Float64Array[] {
  const size = (features[0]?.length ?? 0) + 1;
  const weights = Array.from({ length: titles }, () => new Float64Array(size));
  const shares = of.map((title) => 1 / (titles * of.filter((one) => one === title).length));
  for (let round = 0; round < ROUNDS; round++) {
    const steps = weights.map((row) => row.map((value) => -2 * RIDGE * value));
    for (const [i, clip] of features.entries()) {
      const likely = softmax(scoresOf(weights, clip));
      for (const [title, row] of steps.entries())
        push(row, clip, (shares[i] ?? 0) * (Number(title === of[i]) - (likely[title] ?? 0)));
    }
    for (const [title, step] of steps.entries()) push(weights[title] ?? step, step, RATE);
  }
  return weights;
}

/** row += by * features; what has no bias of its own counts 1 there. */
function push(row: Float64Array, features: Float64Array, by: number): void {
  for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) + by * (features[i] ?? 1);
}

const scoresOf = (weights: readonly Float64Array[], features: Float64Array): number[] =>
  weights.map((row) => row.reduce((sum, weight, i) => sum + weight * (features[i] ?? 1), 0));

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
