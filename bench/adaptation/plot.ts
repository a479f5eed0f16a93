import { type Arm, SIZES } from './cells.ts';
import type { Row } from './rows.ts';

/** The table as a picture: usable@4 by the number of clips, a line with 95 % intervals for each arm. */

const SIZE = { width: 680, height: 400, left: 56, right: 170, top: 20, bottom: 44 };
const [FEWEST] = SIZES;
const MOST = SIZES[SIZES.length - 1] as number;
const COLOURS: Record<Arm, string> = {
  adapter: '#1a6fb5',
  full: '#2b8a3e',
  scratch: '#c2410c',
  retrieval: '#7c3aed',
  'zero-shot': '#6b7280',
};
const WHAT = new RegExp(`^usable@4: (${Object.keys(COLOURS).join('|')})(?:, (\\d+) clips)?$`);

interface Point extends Row {
  /** Null: it learns from no clips. */
  clips: number | null;
}

/** An SVG of all rows that count a whole arm at one size. */
export function plotOf(rows: readonly Row[]): string {
  const points = Map.groupBy(
    rows.flatMap((row) => pointOf(row)),
    ({ arm }) => arm,
  );
  const lines = [...points].map(([arm, own], place) => lineOf(arm, own, place));
  const { width, height } = SIZE;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`;
  const title = '<title>Briefs with a usable take, by arm and number of training clips</title>';
  return [
    head,
    title,
    '<rect width="100%" height="100%" fill="white"/>',
    ...axes(),
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

function pointOf(row: Row): (Point & { arm: Arm })[] {
  const found = WHAT.exec(row.what);
  if (!found) return [];
  return [{ ...row, arm: found[1] as Arm, clips: found[2] === undefined ? null : Number(found[2]) }];
}

const inside = { width: SIZE.width - SIZE.left - SIZE.right, height: SIZE.height - SIZE.top - SIZE.bottom };
const x = (clips: number) =>
  (SIZE.left + (inside.width * Math.log(clips / FEWEST)) / Math.log(MOST / FEWEST)).toFixed(1);
const y = (share: number) => (SIZE.top + inside.height * (1 - share)).toFixed(1);

function axes(): string[] {
  const across = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((share) => [
    `<path d="M${x(FEWEST)} ${y(share)}H${x(MOST)}" stroke="#ddd"/>`,
    `<text x="${SIZE.left - 8}" y="${y(share)}" text-anchor="end" dy="4">${share}</text>`,
  ]);
  const sizes = SIZES.map(
    (clips) => `<text x="${x(clips)}" y="${SIZE.height - 24}" text-anchor="middle">${clips}</text>`,
  );
  const label = `<text x="${SIZE.left}" y="${SIZE.height - 6}">training clips; briefs with a usable take of four, 95 % Wilson</text>`;
  return [...across, ...sizes, label];
}

function lineOf(arm: Arm, points: readonly Point[], place: number): string {
  const colour = COLOURS[arm];
  const name = `<text x="${SIZE.width - SIZE.right + 16}" y="${SIZE.top + 16 * (place + 1)}" fill="${colour}">${arm}</text>`;
  const [first] = points;
  if (first?.clips === null)
    return `${name}<path d="M${x(FEWEST)} ${y(first.value)}H${x(MOST)}" stroke="${colour}" stroke-dasharray="4 4"/>`;
  // Arms lie a little beside each other, so that their intervals can be told apart.
  const at = ({ clips }: Point) => (Number(x(clips ?? FEWEST)) + 2 * place).toFixed(1);
  const sorted = points.toSorted((a, b) => (a.clips ?? 0) - (b.clips ?? 0));
  const marks = sorted.map(
    (one) =>
      `<path d="M${at(one)} ${y(one.low)}V${y(one.high)}" stroke="${colour}"/><circle cx="${at(one)}" cy="${y(one.value)}" r="3.5" fill="${colour}"/>`,
  );
  const line = sorted.map((one) => `${at(one)},${y(one.value)}`).join(' ');
  return `${name}<polyline points="${line}" fill="none" stroke="${colour}"/>${marks.join('')}`;
}
