import { columns, rows } from './history.ts';

/** How an edge that crosses the picture explains when its places turn. Times are frames. */
export interface Edge {
  /** Share of the scatter that it explains (R squared). */
  edge: number;
  /** Standard deviation of the times. */
  scatter: number;
  /** When it enters and leaves the picture. */
  first: number;
  last: number;
  /** When it passes each cell. */
  told: Float32Array;
}

/** One way in which an edge crosses: two numbers of each cell, of whose weighted sum the time is made. */
type Form = { p: Float32Array; q: Float32Array };

const form = (p: (x: number, y: number) => number, q: (x: number, y: number) => number = () => 0): Form => {
  const at = (read: typeof p) =>
    Float32Array.from({ length: columns * rows }, (_, cell) =>
      read(((cell % columns) + 0.5) / columns - 0.5, (Math.floor(cell / columns) + 0.5) / rows - 0.5),
    );
  return { p: at(p), q: at(q) };
};

/** Straight in any direction, barn doors either way, iris. */
const forms: readonly Form[] = [
  form(
    (x) => x,
    (_, y) => y,
  ),
  form((x) => Math.abs(x)),
  form((_, y) => Math.abs(y)),
  form((x, y) => Math.hypot(x, y)),
];

/** Times are told at the cells' middles; the picture reaches half a cell further on each side. */
const beyondCentres = 0.5 / (columns - 1);

/** The form that explains the times of the cells best, by weighted least squares. */
export function fitEdge(times: Float32Array, weights: Float32Array): Edge {
  let best: Edge = { edge: 0, scatter: 0, first: 0, last: 0, told: times };
  for (const one of forms) {
    const fitted = fitForm(one, times, weights);
    if (fitted.edge > best.edge) best = fitted;
  }
  return best;
}

function fitForm({ p, q }: Form, times: Float32Array, weights: Float32Array): Edge {
  const [mp, mq, mt] = [mean(p, weights), mean(q, weights), mean(times, weights)];
  const product = (a: Float32Array, ma: number, b: Float32Array, mb: number) =>
    scatterOf(a, ma, b, mb, weights);
  const [pp, pq, qq] = [product(p, mp, p, mp), product(p, mp, q, mq), product(q, mq, q, mq)];
  const [pt, qt] = [product(p, mp, times, mt), product(q, mq, times, mt)];
  const tt = product(times, mt, times, mt);
  const det = pp * qq - pq * pq;
  const isTwo = det > 1e-9;
  const byP = isTwo ? (pt * qq - qt * pq) / det : pt / Math.max(1e-9, pp);
  const byQ = isTwo ? (qt * pp - pt * pq) / det : 0;
  const told = p.map((value, i) => mt + byP * (value - mp) + byQ * ((q[i] as number) - mq));
  const [first, last] = [Math.min(...told), Math.max(...told)];
  const beyond = beyondCentres * (last - first);
  const edge = tt > 0 ? (byP * pt + byQ * qt) / tt : 0;
  return { edge, scatter: Math.sqrt(tt), first: first - beyond, last: last + beyond, told };
}

function mean(values: Float32Array, weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (weights[i] as number);
  return sum;
}

function scatterOf(a: Float32Array, ma: number, b: Float32Array, mb: number, weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++)
    sum += (weights[i] as number) * ((a[i] as number) - ma) * ((b[i] as number) - mb);
  return sum;
}
