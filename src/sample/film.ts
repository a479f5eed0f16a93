import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { filmArguments, runFfmpeg } from '../media/index.ts';
import { drawCard } from './card.ts';
import { drawFrame } from './frame.ts';
import { type FilmPlan, rateOf } from './plan.ts';
import { framesOf, type Shown, type Span, type Timeline } from './timeline.ts';

/** The active picture, and the height of a letterboxed frame with bars above and below. */
export const PICTURE = { width: 432, height: 288 } as const;
const LETTERBOX_HEIGHT = 324;

/** Where the picture lies in the film's frames, in pixels. */
export interface FilmGeometry {
  readonly width: number;
  readonly height: number;
  readonly active: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

export function geometryOf(plan: FilmPlan): FilmGeometry {
  const height = plan.letterbox ? LETTERBOX_HEIGHT : PICTURE.height;
  return { width: PICTURE.width, height, active: { x: 0, y: (height - PICTURE.height) / 2, ...PICTURE } };
}

export interface RenderOptions {
  readonly onFrame?: (frame: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Draws a film and encodes it to `path`. @throws BacklotError `ffmpeg-failed`, `ffmpeg-missing` */
export async function renderFilm(
  plan: FilmPlan,
  timeline: Timeline,
  path: string,
  options: RenderOptions = {},
): Promise<void> {
  const { width, height } = geometryOf(plan);
  const args = filmArguments({ path, width, height, fps: plan.fps, startTimecode: plan.startTimecode });
  await runFfmpeg(args, { stdin: drawFilm(plan, timeline, options.onFrame), signal: options.signal });
}

/** Every frame of the film as RGBA bytes, width x height x 4. */
export async function* drawFilm(
  plan: FilmPlan,
  timeline: Timeline,
  onFrame?: (frame: number) => void,
): AsyncGenerator<Buffer> {
  const { width, height, active } = geometryOf(plan);
  const film = createCanvas(width, height);
  const ctx = film.getContext('2d');
  const second = createCanvas(active.width, active.height);
  const first = createCanvas(active.width, active.height);
  let frame = 0;
  for (const shown of framesOf(plan, timeline)) {
    drawMix(first, second, shown, frame, rateOf(plan.fps));
    ctx.fillStyle = 'black';
    ctx.fillRect(0, 0, width, height);
    ctx.drawImage(first, active.x, active.y);
    yield Buffer.from(film.data());
    onFrame?.(frame++);
  }
}

/** Draws what a frame shows onto `first`; `second` holds the incoming picture of a dissolve. */
function drawMix(first: Canvas, second: Canvas, shown: Shown, frame: number, rate: number): void {
  const ctx = first.getContext('2d');
  drawSpan(ctx, shown.under, frame, rate);
  if (shown.over) {
    drawSpan(second.getContext('2d'), shown.over, frame, rate);
    ctx.globalAlpha = shown.mix;
    ctx.drawImage(second, 0, 0);
    ctx.globalAlpha = 1;
  }
  if (shown.black === 0) return;
  ctx.fillStyle = `rgba(0,0,0,${shown.black})`;
  ctx.fillRect(0, 0, first.width, first.height);
}

/** A shot's clock is zero at its first unmixed frame and runs on through its transitions. */
function drawSpan(ctx: SKRSContext2D, span: Span, frame: number, rate: number): void {
  const seconds = (frame - span.in) / rate;
  drawFrame(ctx, PICTURE.width, PICTURE.height, span.part.spec, seconds);
  if (span.part.kind !== 'story') drawCard(ctx, PICTURE.width, PICTURE.height, span.part);
}
