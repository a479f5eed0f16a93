import { drawHeld, isHeadgear } from './held.ts';
import type { Pose } from './motion.ts';
import { css, darker, lighter, lightOf, oval, type Pen, shape } from './pen.ts';
import { SILHOUETTES, type Silhouette } from './silhouettes.ts';
import type { Rgb, ShotSpec } from './spec.ts';
import { paintTexture } from './textures.ts';

/** Characters take less of the night and the sunset than the scenery, so that their colours stay readable. */
const CHARACTER_LIGHT = { day: 0, night: 0.27, sunset: 0.26 } as const;
const SHADOW: Rgb = [24, 20, 44];

/** Draws shadow, feet, body and what the character wears or holds, with the feet at (0, 0). */
export function drawCharacter(ctx: Pen['ctx'], spec: ShotSpec, pose: Pose): void {
  const { character, size, style } = spec;
  const lit = lightOf(spec.time, CHARACTER_LIGHT[spec.time]);
  const pen: Pen = { ctx, lit, ink: lit(style.ink), inkWidth: style.inkWidth };
  const body = SILHOUETTES[character.silhouette];
  const h = size * pose.stretch;
  const w = (size * body.aspect) / pose.stretch;
  drawShadow(ctx, w, pose.lift);
  ctx.save();
  ctx.translate(0, -pose.lift);
  drawFeet(pen, darker(character.body, 0.55), w, size, pose);
  ctx.translate(0, -size * 0.07);
  ctx.rotate(pose.lean);
  if (!isHeadgear(character.held)) holdProp(pen, spec, pose, w, h);
  drawBody(pen, spec, body, w, h);
  drawFace(pen, body, w, h, size, pose.look);
  if (isHeadgear(character.held)) wearHeadgear(pen, spec, body, h);
  ctx.restore();
}

function drawShadow(ctx: Pen['ctx'], w: number, lift: number): void {
  const shrink = Math.max(0.45, 1 - lift * 1.4);
  ctx.globalAlpha = 0.34;
  ctx.beginPath();
  ctx.ellipse(0, 0.004, Math.max(w, 0.24) * 0.56 * shrink, 0.03 * shrink, 0, 0, Math.PI * 2);
  ctx.fillStyle = css(SHADOW);
  ctx.fill();
  ctx.globalAlpha = 1;
}

function drawFeet(pen: Pen, colour: Rgb, w: number, size: number, pose: Pose): void {
  const apart = Math.max(0.11 * size, Math.min(w * 0.24, 0.2 * size));
  const toe = pose.look * 0.06 * size;
  const hang = pose.lift > 0.05 ? 0.03 * size : 0;
  for (const side of [-1, 1]) {
    const swing = pose.step * side;
    const raise = Math.max(0, swing) * 0.09 * size;
    oval(
      pen,
      colour,
      side * apart + swing * 0.17 * size + toe,
      -0.045 * size - raise + hang,
      0.135 * size,
      0.075 * size,
    );
  }
}

function drawBody(pen: Pen, spec: ShotSpec, body: Silhouette, w: number, h: number): void {
  const { ctx } = pen;
  const { character, style } = spec;
  shape({ ...pen, ink: null }, character.body, (c) => body.trace(c, w, h));
  ctx.save();
  ctx.beginPath();
  body.trace(ctx, w, h);
  ctx.clip();
  paintTexture(pen, character.texture, character.accent, w, h);
  shadeBody(pen, character.body, style.shading, w, h);
  ctx.restore();
  if (!pen.ink || style.inkWidth === 0) return;
  ctx.beginPath();
  body.trace(ctx, w, h);
  ctx.lineWidth = pen.inkWidth;
  ctx.strokeStyle = css(pen.ink);
  ctx.stroke();
}

/** The style's one shade: a darker flank, a lit crown, or a darker foot. */
function shadeBody(pen: Pen, colour: Rgb, shading: ShotSpec['style']['shading'], w: number, h: number): void {
  const { ctx } = pen;
  if (shading === 'flat') return;
  ctx.globalAlpha = shading === 'glow' ? 0.45 : 0.3;
  ctx.fillStyle = css(pen.lit(shading === 'glow' ? lighter(colour, 0.8) : darker(colour, 0.8)));
  if (shading === 'side') ctx.fillRect(w * 0.2, -h * 1.2, w, h * 1.4);
  if (shading === 'band') ctx.fillRect(-w, -h * 0.2, w * 2, h * 0.3);
  if (shading === 'glow') {
    ctx.beginPath();
    ctx.ellipse(-w * 0.24, -h * 0.86, w * 0.3, h * 0.14, -0.5, 0, Math.PI * 2);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

function drawFace(pen: Pen, body: Silhouette, w: number, h: number, size: number, look: number): void {
  const eyes: Pen = { ...pen, inkWidth: pen.inkWidth * 0.5 };
  const y = -h * body.eyes;
  const shift = look * 0.09 * size;
  const gap = Math.max(body.gap * w, 0.1 * size);
  for (const side of [-1, 1]) {
    oval(eyes, [255, 255, 255], side * gap + shift, y, 0.092 * size, 0.11 * size);
    oval(
      { ...pen, ink: null },
      [22, 18, 34],
      side * gap + shift * 1.5,
      y + 0.012 * size,
      0.052 * size,
      0.064 * size,
    );
  }
}

function wearHeadgear(pen: Pen, spec: ShotSpec, body: Silhouette, h: number): void {
  pen.ctx.save();
  pen.ctx.translate(0, -h * body.brim);
  drawHeld(pen, spec.character.held, spec.character.heldColour, spec.size);
  pen.ctx.restore();
}

/** Props are held on the side the character looks to, a little raised with each step. */
function holdProp(pen: Pen, spec: ShotSpec, pose: Pose, w: number, h: number): void {
  const side = pose.look < 0 ? -1 : 1;
  pen.ctx.save();
  pen.ctx.translate(side * (w * 0.5 + 0.02), -h * 0.36 - Math.abs(pose.step) * 0.015);
  pen.ctx.scale(side, 1);
  pen.ctx.rotate(0.1 + pose.step * 0.06);
  drawHeld(pen, spec.character.held, spec.character.heldColour, spec.size);
  pen.ctx.restore();
}
