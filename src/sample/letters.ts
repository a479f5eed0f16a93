import { css, type Pen } from './pen.ts';
import type { Rgb } from './spec.ts';

// An alphabet of strokes, so that cards look the same on machines without any fonts installed.
// Each letter: strokes parted by spaces, points as column and row digits on a grid 4 wide and 6 high, row 0 on top.
const STROKES: Record<string, string> = {
  A: '062046 1434',
  B: '060030413203 0333444536 0636',
  C: '4130100105163645',
  D: '0600304245360 0636',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '1016 0020 0626',
  J: '3035261605',
  K: '0006 4003 1346',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '100105163645413010',
  P: '0600304142330 3303',
  Q: '100105163645413010 2446',
  R: '0600304142330 3303 2346',
  S: '41301001021334453616 1605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '0023 4023 2326',
  Z: '00400646',
  "'": '1011',
  '.': '1516',
  ',': '1506',
  '-': '1333',
  '!': '1014 1516',
  '?': '0110304123 24 2526',
  '&': '46110020311404163645',
};

const ADVANCE = 5.4;
const NARROW: Record<string, number> = { I: 3.6, "'": 2.4, '.': 2.4, ',': 2.4, ' ': 3.4, '!': 2.4 };

const advance = (char: string): number => NARROW[char] ?? ADVANCE;

/** Width of a line in the unit of `height` (the height of a capital). */
export function widthOf(text: string, height: number): number {
  const cells = [...text.toUpperCase()].reduce((sum, char) => sum + advance(char), 0);
  return ((cells - 1.4) * height) / 6;
}

/** Writes one line of capitals centred on x, its foot at y; never wider than `maxWidth`. */
export function write(
  pen: Pen,
  colour: Rgb,
  text: string,
  x: number,
  y: number,
  height: number,
  maxWidth: number,
): void {
  const size = Math.min(height, (height * maxWidth) / widthOf(text, height));
  const cell = size / 6;
  let left = x - widthOf(text, size) / 2;
  pen.ctx.strokeStyle = css(colour);
  pen.ctx.lineWidth = cell * 1.15;
  pen.ctx.beginPath();
  for (const char of text.toUpperCase()) {
    for (const strokes of (STROKES[char] ?? '').split(' ')) trace(pen.ctx, strokes, left, y - size, cell);
    left += advance(char) * cell;
  }
  pen.ctx.stroke();
}

function trace(ctx: Pen['ctx'], points: string, left: number, top: number, cell: number): void {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [left + Number(points[i]) * cell, top + Number(points[i + 1]) * cell];
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  }
}
