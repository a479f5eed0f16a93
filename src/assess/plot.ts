import type { Forecast } from './schema.ts';

const [WIDTH, HEIGHT, MARGIN] = [640, 360, 56];

type Axes = { x: (clips: number) => number; y: (loss: number) => number };
type Point = Forecast['trials'][number];

/** Held-out loss by number of clips, logarithmic in both, with intervals: an SVG picture. */
export function plotOf({
  trials,
  doubled,
  untrainedLoss,
}: Pick<Forecast, 'trials' | 'doubled' | 'untrainedLoss'>): string {
  const points = [...trials, ...(doubled ? [doubled] : [])];
  const axes = axesOf(points, untrainedLoss);
  const parts = [
    `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${axes.y(untrainedLoss)}" y2="${axes.y(untrainedLoss)}" stroke="#999" stroke-dasharray="4 4"/>`,
    `<text x="${MARGIN + 4}" y="${axes.y(untrainedLoss) - 6}" fill="#666">the base as it is, ${untrainedLoss.toFixed(3)}</text>`,
    ...trials.map((trial) => mark(trial, axes, '#1f6feb')),
    ...(doubled ? [mark(doubled, axes, '#b35900')] : []),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 12}" text-anchor="middle" fill="#333">training clips (orange: predicted)</text>`,
    `<text x="${MARGIN}" y="24" fill="#333">loss on held-out scenes${trials.some(({ low }) => low !== null) ? ', 95 % intervals' : ''}</text>`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function axesOf(points: readonly Point[], untrained: number): Axes {
  const xs = points.map(({ clips }) => Math.log(clips));
  const ys = [
    Math.log(untrained),
    ...points.flatMap(({ value, low, high }) => [low ?? value, high ?? value].map(Math.log)),
  ];
  const scale = (values: number[], from: number, to: number) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const span = high > low ? high - low : 1;
    return (value: number) => round(from + ((Math.log(value) - low) / span) * (to - from));
  };
  return { x: scale(xs, MARGIN + 30, WIDTH - MARGIN - 30), y: scale(ys, HEIGHT - MARGIN, MARGIN) };
}

function mark({ clips, value, low, high }: Point, { x, y }: Axes, colour: string): string {
  const at = x(clips);
  return (
    `<line x1="${at}" x2="${at}" y1="${y(low ?? value)}" y2="${y(high ?? value)}" stroke="${colour}" stroke-width="2"/>` +
    `<circle cx="${at}" cy="${y(value)}" r="5" fill="${colour}"/>` +
    `<text x="${at}" y="${y(low ?? value) + 18}" text-anchor="middle" fill="#333">${clips}: ${value.toFixed(3)}</text>`
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;
