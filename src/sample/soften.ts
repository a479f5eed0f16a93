// The dataset step softens film with ffmpeg's gblur; clips that are drawn without a film are softened here.

/** What a Gaussian of standard deviation `sigma` pixels weighs at -radius..radius; the sum is 1. */
function gaussian(sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const raw = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = raw.reduce((a, b) => a + b, 0);
  return Float32Array.from(raw, (weight) => weight / sum);
}

/**
 * Blurs frames in place with a Gaussian; the edge pixel goes on beyond the edge.
 * @param frames uint8, frames x height x width x RGB
 * @param sigma standard deviation in pixels
 */
export function soften(frames: Buffer, width: number, height: number, sigma: number): void {
  const weights = gaussian(sigma);
  const size = width * height * 3;
  const between = new Float32Array(size);
  for (let at = 0; at < frames.length; at += size) {
    const frame = frames.subarray(at, at + size);
    blurLines(frame, between, weights, { lines: height, lineStep: width * 3, length: width, step: 3 });
    blurLines(between, frame, weights, { lines: width, lineStep: 3, length: height, step: width * 3 });
  }
}

/** How lines of pixels lie in a frame, in values. */
interface Lines {
  lines: number;
  lineStep: number;
  length: number;
  step: number;
}

type Values = Float32Array | Buffer;

function blurLines(from: Values, to: Values, weights: Float32Array, l: Lines): void {
  const rounding = to instanceof Float32Array ? 0 : 0.5;
  for (let line = 0; line < l.lines; line++) {
    for (let colour = 0; colour < 3; colour++) {
      const start = line * l.lineStep + colour;
      for (let i = 0; i < l.length; i++)
        to[start + i * l.step] = rounding + weighted(from, weights, start, i, l);
    }
  }
}

function weighted(from: Values, weights: Float32Array, start: number, i: number, l: Lines): number {
  const radius = (weights.length - 1) / 2;
  let sum = 0;
  for (let k = -radius; k <= radius; k++) {
    const at = i + k < 0 ? 0 : i + k >= l.length ? l.length - 1 : i + k;
    sum += (from[start + at * l.step] as number) * (weights[k + radius] as number);
  }
  return sum;
}
