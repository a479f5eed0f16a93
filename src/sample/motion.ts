import type { Rng } from './random.ts';
import { type Action, type Camera, FRAME_WIDTH, type Motion, type ShotSpec } from './spec.ts';

/** Length in seconds of the clip a model sees: 17 frames at 12 per second. */
export const CLIP_SECONDS = 17 / 12;

/** Widest part of the frame's width a walker may cross in one shot: keeps the whole body in frame. */
const CROSSING = 0.58;
/** Magnification over one clip, and at most over a whole shot, so that the character fits at both ends. */
const ZOOM_PER_CLIP = 1.28;
const ZOOM_PER_SHOT = 1.8;

interface Speeds {
  walk: number;
  pan: number;
}

/** Speeds in frame widths per clip; a long shot is slower so that the character stays in frame. */
function speedsOf(rng: Rng, action: Action, camera: Camera, seconds: number): Speeds {
  const limit = (CROSSING * CLIP_SECONDS) / seconds;
  const walks = action.startsWith('walks');
  const pans = camera.startsWith('pans');
  if (!pans) return { walk: Math.min(rng.range(0.22, 0.3), limit), pan: 0 };
  if (!walks) return { walk: 0, pan: Math.min(rng.range(0.17, 0.25), limit) };
  const together = action.slice(6) === camera.slice(5);
  if (!together) return { walk: limit * 0.52, pan: limit * 0.48 };
  const pan = rng.range(0.17, 0.25);
  return { walk: pan + Math.min(0.06, limit), pan };
}

/** Motion of one shot: drawn from `rng`, bounded by the shot's length. */
export function motionOf(rng: Rng, action: Action, camera: Camera, seconds: number): Motion {
  const { walk, pan } = speedsOf(rng, action, camera, seconds);
  const perSecond = FRAME_WIDTH / CLIP_SECONDS;
  const apart = action.startsWith('walks') && action.slice(6) !== camera.slice(5);
  const sway = apart || camera.startsWith('pans') ? 0.06 : 0.32;
  return {
    origin: 0,
    x: FRAME_WIDTH / 2 + rng.range(-sway, sway),
    walkSpeed: walk * perSecond,
    panSpeed: pan * perSecond,
    zoomRate: Math.min(Math.log(ZOOM_PER_CLIP) / CLIP_SECONDS, Math.log(ZOOM_PER_SHOT) / seconds),
    jumpHeight: rng.range(0.2, 0.26) * (camera === 'zooms in' ? 0.8 : 1),
    jumpSeconds: rng.range(1.35, 1.6),
    strideSeconds: rng.range(0.6, 0.72),
    phase: rng.range(0, 1),
  };
}

/** Where everything stands at one moment; lengths in frame heights. */
export interface Pose {
  /** How far the camera has moved to the right, and its magnification. */
  readonly pan: number;
  readonly zoom: number;
  /** The character's place on the screen and height over the ground. */
  readonly x: number;
  readonly lift: number;
  /** Vertical stretch, 1 = as it is; which way it looks, -1..1; lean in radians; step of the feet in -1..1. */
  readonly stretch: number;
  readonly look: number;
  readonly lean: number;
  readonly step: number;
}

const sign = (words: string): number => (words.endsWith('left') ? -1 : words.endsWith('right') ? 1 : 0);

/** The pose of a shot at `seconds` after its first frame. */
export function poseAt(spec: ShotSpec, seconds: number): Pose {
  const { motion: m, action } = spec;
  const since = seconds - spec.seconds / 2;
  const moved = sign(spec.camera) * m.panSpeed * since;
  const zoom = spec.camera === 'zooms in' ? Math.exp(m.zoomRate * since) : 1;
  const look = action.startsWith('walks') ? sign(action) : 0;
  const x = m.x + look * m.walkSpeed * since - moved;
  return { pan: m.origin + moved, zoom, x, look, ...bodyAt(spec, seconds) };
}

function bodyAt(spec: ShotSpec, seconds: number): Pick<Pose, 'lift' | 'stretch' | 'lean' | 'step'> {
  const { motion: m, action } = spec;
  if (action === 'jumps') return jumpAt(m, seconds);
  if (action === 'stands') {
    const breath = Math.sin(2 * Math.PI * (seconds * 0.9 + m.phase));
    return {
      lift: 0,
      stretch: 1 + 0.04 * breath,
      lean: 0.05 * Math.sin(2 * Math.PI * (seconds * 0.45 + m.phase)),
      step: 0,
    };
  }
  const turn = 2 * Math.PI * (seconds / m.strideSeconds + m.phase);
  return {
    lift: 0.028 * Math.abs(Math.sin(turn)),
    stretch: 1,
    lean: 0.07 * sign(action),
    step: Math.sin(turn),
  };
}

/** Crouch for a fifth of the cycle, then one parabola. */
function jumpAt(m: Motion, seconds: number): Pick<Pose, 'lift' | 'stretch' | 'lean' | 'step'> {
  const turns = seconds / m.jumpSeconds + m.phase;
  const cycle = turns - Math.floor(turns);
  if (cycle < 0.2)
    return { lift: 0, stretch: 1 - 0.16 * Math.sin((Math.PI * cycle) / 0.2), lean: 0, step: 0 };
  const air = (cycle - 0.2) / 0.8;
  return {
    lift: 4 * air * (1 - air) * m.jumpHeight,
    stretch: 1 + 0.05 * Math.abs(1 - 2 * air),
    lean: 0,
    step: 0,
  };
}
