import type { SKRSContext2D } from '@napi-rs/canvas';
import { widthOf, write } from './letters.ts';
import { css, darker, lighter, type Pen, stroke } from './pen.ts';
import type { CardShot } from './plan.ts';
import { FRAME_WIDTH, type Rgb } from './spec.ts';

const CREAM: Rgb = [255, 246, 226];

/** Lays a card's lettering over its picture: a banner for the title, a dark page for the credits. */
export function drawCard(ctx: SKRSContext2D, width: number, height: number, card: CardShot): void {
  ctx.save();
  ctx.scale(width / FRAME_WIDTH, height);
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  const pen: Pen = { ctx, lit: (c) => c, ink: null, inkWidth: 0 };
  if (card.kind === 'opening') banner(pen, card);
  else page(pen, card);
  ctx.restore();
}

function banner(pen: Pen, card: CardShot): void {
  const [text = ''] = card.lines;
  const height = Math.min(0.12, 1.2 / widthOf(text, 1));
  const colour = darker(card.spec.character.body, 0.62);
  pen.ctx.fillStyle = css(colour);
  pen.ctx.fillRect(0, 0.1, FRAME_WIDTH, 0.27);
  for (const y of [0.125, 0.345])
    stroke(pen, lighter(card.spec.character.accent, 0.2), 0.01, [
      [0, y],
      [FRAME_WIDTH, y],
    ]);
  write(pen, CREAM, text, FRAME_WIDTH / 2, 0.235 + height / 2, height, 1.3);
}

function page(pen: Pen, card: CardShot): void {
  pen.ctx.fillStyle = css(darker(card.spec.style.ink, 0.6));
  pen.ctx.fillRect(0, 0, FRAME_WIDTH, 1);
  const step = Math.min(0.14, 0.8 / card.lines.length);
  card.lines.forEach((line, i) => {
    const y = 0.54 + (i - (card.lines.length - 1) / 2) * step;
    write(
      pen,
      i === 0 ? lighter(card.spec.character.heldColour, 0.35) : CREAM,
      line,
      FRAME_WIDTH / 2,
      y,
      0.06,
      1.34,
    );
  });
}
