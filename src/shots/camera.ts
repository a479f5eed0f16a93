import { frameOfGrid } from './copies/prints.ts';
import { seenHeight, seenWidth } from './history.ts';
import { type GlobalMotion, globalMotion } from './motion-fit.ts';
import type { CameraFacts, Span } from './schema.ts';

/** Fewest quarter seconds whose motion is known, or nothing is said of the camera. */
const fewest = 3;
/** Shares of the picture a second from which on a steady motion is a move of the camera. */
const moving = { pan: 0.012, tilt: 0.02, zoom: 0.022 };
/** Share of the quarter seconds that must go the same way. */
const steady = 0.75;
/** Shares of the picture a second by which an unsteady camera is off its own way. */
const shaking = 0.05;

/** Seconds between the two frames whose motion is measured: short, so that a fast pan moves few pixels. */
const apart = 1 / 12;

/** Follows the camera in the pass that finds the shots: every quarter second the motion over a twelfth of a second. */
export interface CameraFollower {
  /** @param luma `64 x 36` levels in 0..255 of the next frame; must not change for a fifth of a second of film */
  add(luma: Float32Array): void;
  /** What the camera does in a shot; null where it cannot be told: under a second, or flat. */
  over(span: Span): CameraFacts | null;
  /** The motions seen, from the n-th on. */
  since(n: number): SeenMotion[];
}

/** The motion up to a frame; null where it cannot be told. */
export interface SeenMotion {
  frame: number;
  motion: GlobalMotion | null;
}

/**
 * @param fps frames a second of the film
 * @param from motions that are known already, and the next frame to come: a second or more before the first that is not known
 */
export function createCamera(
  fps: number,
  from: { frame: number; seen: readonly SeenMotion[] } = { frame: 0, seen: [] },
): CameraFollower {
  const gap = Math.max(1, Math.round(apart * fps));
  const seen = [...from.seen];
  let last: Float32Array[] = [];
  let { frame } = from;
  return {
    add: (luma) => {
      last = [...last, luma].slice(-gap - 1);
      if (frame === frameOfGrid(seen.length, fps)) {
        const isWhole = last.length > gap;
        seen.push({ frame, motion: isWhole ? globalMotion(last[0] as Float32Array, luma) : null });
      }
      frame++;
    },
    over: (span) =>
      cameraIn(
        seen.filter((one) => one.frame - gap >= span.in && one.frame < span.out),
        fps / gap,
      ),
    since: (n) => seen.slice(n),
  };
}

/**
 * The median of the motion that most of the picture shares, and how far it is off that. A camera that goes after somebody
 * who fills the picture reads as still.
 * @param rate motions a second that would follow each other
 */
function cameraIn(seen: readonly SeenMotion[], rate: number): CameraFacts | null {
  const motions = seen.map(({ motion }) => motion).filter((one) => one !== null);
  if (motions.length < fewest) return null;
  const pan = axis(motions.map(({ x }) => (-x * rate) / seenWidth));
  const tilt = axis(motions.map(({ y }) => (y * rate) / seenHeight));
  const zoom = axis(motions.map(({ grow }) => Math.log(1 + grow) * rate));
  const shake = Math.hypot(pan.off, tilt.off);
  return {
    move: moveOf(pan, tilt, zoom, shake),
    ...{ pan: round(pan.speed), tilt: round(tilt.speed), zoom: round(zoom.speed), shake: round(shake) },
  };
}

interface Axis {
  /** Median, a second. */
  speed: number;
  /** Median distance from it. */
  off: number;
  /** Share of the quarter seconds that go its way. */
  agree: number;
}

function axis(speeds: readonly number[]): Axis {
  const speed = median(speeds);
  return {
    speed,
    off: median(speeds.map((one) => Math.abs(one - speed))),
    agree:
      speeds.filter((one) => one * speed > 0 && Math.abs(one) > Math.abs(speed) / 4).length / speeds.length,
  };
}

/** The strongest steady motion, each against its own threshold. */
function moveOf(pan: Axis, tilt: Axis, zoom: Axis, shake: number): CameraFacts['move'] {
  const found = [
    { strength: strengthOf(pan, moving.pan), move: pan.speed < 0 ? 'pans left' : 'pans right' },
    { strength: strengthOf(tilt, moving.tilt), move: tilt.speed < 0 ? 'tilts down' : 'tilts up' },
    { strength: strengthOf(zoom, moving.zoom), move: zoom.speed < 0 ? 'zooms out' : 'zooms in' },
  ] as const;
  const strongest = found.reduce((most, one) => (one.strength > most.strength ? one : most));
  if (strongest.strength >= 1) return strongest.move;
  return shake >= shaking ? 'handheld' : 'still';
}

const strengthOf = ({ speed, agree }: Axis, threshold: number): number =>
  agree >= steady ? Math.abs(speed) / threshold : 0;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}

const round = (value: number): number => Math.round(1000 * value) / 1000;
