import type { SKRSContext2D } from '@napi-rs/canvas';
import { BACKDROPS } from './backdrops.ts';
import { drawCharacter } from './character.ts';
import { GROUNDS } from './grounds.ts';
import { type Pose, poseAt } from './motion.ts';
import { css, darker, lightOf, mix, type Pen } from './pen.ts';
import { rngOf } from './random.ts';
import { SCENERY, type SceneryName } from './scenery.ts';
import { drawHeavens, drawSky, skyOf } from './sky.ts';
import { FRAME_WIDTH, type Rgb, type ShotSpec } from './spec.ts';

/** How much of the camera's move each layer shows: far things move less. */
const PARALLAX = { heavens: 0.08, backdrop: 0.5, scenery: 0.85, ground: 1 } as const;

interface Placed {
  readonly kind: SceneryName;
  readonly colour: Rgb;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/**
 * Draws the frame that a shot shows `seconds` after its beginning, onto a context whose canvas is
 * width x height pixels (3:2). Nothing is remembered between calls: same spec, time and size, same pixels.
 */
export function drawFrame(
  ctx: SKRSContext2D,
  width: number,
  height: number,
  spec: ShotSpec,
  seconds: number,
): void {
  const pose = poseAt(spec, seconds);
  onScreen(ctx, width, height, () => {
    drawSky(ctx, spec);
    drawHeavens(ctx, spec, pose.pan * PARALLAX.heavens);
    drawPlace(ctx, spec, pose);
    drawSomebody(ctx, spec, pose);
  });
}

/** What `drawFrame` draws of the character alone, over what the canvas holds. */
export function drawFigure(
  ctx: SKRSContext2D,
  width: number,
  height: number,
  spec: ShotSpec,
  seconds: number,
): void {
  onScreen(ctx, width, height, () => drawSomebody(ctx, spec, poseAt(spec, seconds)));
}

function onScreen(ctx: SKRSContext2D, width: number, height: number, draw: () => void): void {
  ctx.save();
  ctx.scale(width / FRAME_WIDTH, height);
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  draw();
  ctx.restore();
}

function drawSomebody(ctx: SKRSContext2D, spec: ShotSpec, pose: Pose): void {
  inLayer(ctx, spec, pose, 0, () => {
    ctx.translate(pose.x, spec.feet - spec.horizon);
    drawCharacter(ctx, spec, pose);
  });
}

/** Far to near: backdrop, ground with its marks, then things standing on it. */
function drawPlace(ctx: SKRSContext2D, spec: ShotSpec, pose: Pose): void {
  const { set, style } = spec;
  const lit = lightOf(spec.time, 1);
  const bare: Pen = { ctx, lit, ink: null, inkWidth: 0 };
  const inked: Pen = style.inkScenery
    ? { ctx, lit, ink: lit(style.ink), inkWidth: style.inkWidth * 0.7 }
    : bare;
  const haze = mix(lit(set.backdropColour), skyOf(spec)[1], 0.15);
  inLayer(ctx, spec, pose, PARALLAX.backdrop, () => {
    BACKDROPS[set.backdrop](
      { ...bare, lit: (c) => (c === set.backdropColour ? haze : lit(c)) },
      set.backdropColour,
      rngOf(spec.layoutSeed, 'backdrop'),
    );
  });
  drawGround(bare, spec, pose);
  inLayer(ctx, spec, pose, PARALLAX.scenery, () => {
    for (const thing of layoutOf(spec)) drawThing(inked, thing);
  });
}

/** Runs `draw` with the origin on the horizon, moved by the camera's pan and zoomed around the character. */
function inLayer(ctx: SKRSContext2D, spec: ShotSpec, pose: Pose, parallax: number, draw: () => void): void {
  ctx.save();
  const scale = parallax === PARALLAX.backdrop ? pose.zoom ** 0.6 : pose.zoom;
  ctx.translate(pose.x, spec.horizon);
  ctx.scale(scale, scale);
  ctx.translate(-pose.x - pose.pan * parallax, 0);
  draw();
  ctx.restore();
}

function drawGround(pen: Pen, spec: ShotSpec, pose: Pose): void {
  const { ctx } = pen;
  const near = pen.lit(darker(spec.set.ground, 0.16));
  const gradient = ctx.createLinearGradient(0, spec.horizon, 0, 1);
  gradient.addColorStop(0, css(pen.lit(spec.set.ground)));
  gradient.addColorStop(1, css(near));
  ctx.fillStyle = gradient;
  ctx.fillRect(0, spec.horizon, FRAME_WIDTH, 1 - spec.horizon);
  inLayer(ctx, spec, pose, PARALLAX.ground, () => {
    GROUNDS[spec.set.pattern](
      pen,
      spec.set.patternColour,
      1 - spec.horizon,
      rngOf(spec.layoutSeed, 'ground'),
    );
  });
}

function drawThing(pen: Pen, thing: Placed): void {
  pen.ctx.save();
  pen.ctx.translate(thing.x, thing.y);
  SCENERY[thing.kind](pen, thing.colour, thing.height);
  pen.ctx.restore();
}

/** A big and a small thing by turns, standing just below the horizon; the same seed gives the same place. */
function layoutOf(spec: ShotSpec): Placed[] {
  const rng = rngOf(spec.layoutSeed, 'scenery');
  const { scenery, sceneryColours } = spec.set;
  const placed: Placed[] = [];
  let turn = rng.int(0, 1);
  for (let x = -1.6 + rng.range(0, 0.4); x < 3.1; x += rng.range(0.36, 0.52)) {
    const i = (turn++ % 2) as 0 | 1;
    const height = i === 0 ? rng.range(0.34, 0.42) : rng.range(0.2, 0.26);
    placed.push({ kind: scenery[i], colour: sceneryColours[i], x, y: i === 0 ? 0.03 : 0.07, height });
  }
  return placed;
}
