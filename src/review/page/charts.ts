import type { Arm, Forecast, Interval } from '../schema.ts';
import { html, type Markup } from './html.ts';
import { armSubtitle, armTitle, percent, range } from './words.ts';

/** Plots as inline SVG, in units of CSS pixels at full width. */

const bar = { width: 440, left: 8, right: 8, row: 74, top: 4, thick: 16 };
const span = bar.width - bar.left - bar.right;
const xOf = (share: number) => bar.left + share * span;

type Measure = 'usable' | 'usableAt4';

/** One row an arm: a bar to the rate, and over it the 95 % interval as a line with ends. */
export function rateChart(arms: readonly Arm[], measure: Measure, title: string, explained: string): Markup {
  const height = bar.top + arms.length * bar.row + 26;
  const summary = arms.map((arm) => `${armTitle(arm.name)}: ${rateText(arm[measure])}`).join('; ');
  return html`<figure class="chart">
  <figcaption><strong>${title}</strong><span>${explained}</span></figcaption>
  <svg viewBox="0 0 ${bar.width} ${height}" role="img" aria-label="${title}. ${summary}">
    ${axis(height)}
    ${arms.map((arm, at) => rateRow(arm, arm[measure], bar.top + at * bar.row))}
  </svg>
</figure>`;
}

const rateText = (rate: Interval | null) => (rate ? `${percent(rate.value)} (${range(rate)})` : 'not judged');

function axis(height: number): Markup[] {
  return [0, 0.25, 0.5, 0.75, 1].map(
    (
      share,
    ) => html`<line class="grid" x1="${xOf(share)}" x2="${xOf(share)}" y1="${bar.top}" y2="${height - 22}"/>
    <text class="tick" x="${xOf(share)}" y="${height - 6}" text-anchor="${anchor(share)}">${percent(share)}</text>`,
  );
}

const anchor = (share: number) => (share === 0 ? 'start' : share === 1 ? 'end' : 'middle');

function rateRow(arm: Arm, rate: Interval | null, top: number): Markup {
  const y = top + 44;
  return html`<g class="arm-${arm.name}">
    <text class="name" x="${bar.left}" y="${top + 17}">${armTitle(arm.name)}</text>
    <text class="sub" x="${bar.left}" y="${top + 33}">${armSubtitle(arm.name, arm.trainSeconds)}</text>
    <text class="value" x="${bar.width - bar.right}" y="${top + 17}" text-anchor="end">${rate ? percent(rate.value) : 'not judged'}</text>
    <text class="sub" x="${bar.width - bar.right}" y="${top + 33}" text-anchor="end">${rate && range(rate)}</text>
    ${rate && rateBar(rate, y)}
  </g>`;
}

function rateBar({ value, low, high }: Interval, y: number): Markup {
  const middle = y + bar.thick / 2;
  const cap = (share: number) =>
    html`<line class="whisker" x1="${xOf(share)}" x2="${xOf(share)}" y1="${middle - 5}" y2="${middle + 5}"/>`;
  return html`<rect class="fill" x="${xOf(0)}" y="${y}" width="${value * span}" height="${bar.thick}" rx="2"/>
    <line class="whisker" x1="${xOf(low)}" x2="${xOf(high)}" y1="${middle}" y2="${middle}"/>${cap(low)}${cap(high)}
    <circle class="dot" cx="${xOf(value)}" cy="${middle}" r="4.5"/>`;
}

const plot = { width: 640, height: 300, left: 58, right: 24, top: 16, bottom: 46 };

/** Value over clips, clips on a logarithmic axis; measured points filled, predicted ones hollow. */
export function forecastPlot({ points, measure, threshold }: Forecast): Markup {
  const x = logScale(points.map(({ clips }) => clips));
  const y = linearScale([
    ...points.flatMap(({ value, low, high }) => [low ?? value, high ?? value]),
    ...(threshold === null ? [] : [threshold]),
  ]);
  const words = points.map(
    (p) =>
      `${p.clips} clips: ${short(p.value)}${p.low === null || p.high === null ? '' : ` (${short(p.low)} to ${short(p.high)})`}`,
  );
  return html`<svg class="forecast" viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${measure}. ${words.join('; ')}">
    ${y.ticks.map((v) => yTick(v, y.at(v)))}
    ${threshold !== null && thresholdLine(threshold, y.at(threshold))}
    <polyline class="trend" points="${points.map((p) => `${x(p.clips)},${y.at(p.value)}`).join(' ')}"/>
    ${points.map((p) => forecastPoint(p, x(p.clips), y.at))}
    <text class="tick" x="${(plot.left + plot.width - plot.right) / 2}" y="${plot.height - 6}" text-anchor="middle">training clips (logarithmic)</text>
  </svg>`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function logScale(clips: readonly number[]): (clips: number) => number {
  const [low, high] = [Math.log(Math.min(...clips) / 1.25), Math.log(Math.max(...clips) * 1.25)];
  const inner = plot.width - plot.left - plot.right;
  return (value) => plot.left + ((Math.log(value) - low) / (high - low)) * inner;
}

function linearScale(values: readonly number[]): { at: (value: number) => number; ticks: number[] } {
  const margin = (Math.max(...values) - Math.min(...values)) * 0.08 || 0.05;
  const [low, high] = [Math.min(...values) - margin, Math.max(...values) + margin];
  const inner = plot.height - plot.top - plot.bottom;
  const at = (value: number) => plot.top + ((high - value) / (high - low)) * inner;
  const step = niceStep((high - low) / 5);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return { at, ticks: Array.from({ length: count }, (_, n) => (first + n) * step) };
}

/** The 1, 2 or 5 times a power of ten next above a wished step. */
function niceStep(wished: number): number {
  const power = 10 ** Math.floor(Math.log10(wished));
  return power * ([1, 2, 5].find((factor) => factor * power >= wished) ?? 10);
}

const yTick = (value: number, y: number): Markup =>
  html`<line class="grid" x1="${plot.left}" x2="${plot.width - plot.right}" y1="${y}" y2="${y}"/>
    <text class="tick" x="${plot.left - 8}" y="${y + 4}" text-anchor="end">${short(value)}</text>`;

const thresholdLine = (value: number, y: number): Markup =>
  html`<line class="threshold" x1="${plot.left}" x2="${plot.width - plot.right}" y1="${y}" y2="${y}"/>
    <text class="threshold" x="${plot.left + 6}" y="${y - 6}">enough from ${short(value)}</text>`;

const whisker = (
  x: number,
  low: number,
  high: number,
): Markup => html`<line class="whisker" x1="${x}" x2="${x}" y1="${low}" y2="${high}"/>
    <line class="whisker" x1="${x - 5}" x2="${x + 5}" y1="${low}" y2="${low}"/>
    <line class="whisker" x1="${x - 5}" x2="${x + 5}" y1="${high}" y2="${high}"/>`;

function forecastPoint(point: Forecast['points'][number], x: number, y: (value: number) => number): Markup {
  const kind = point.predicted ? 'predicted' : 'measured';
  const { low, high } = point;
  return html`<g class="${kind}">
    ${low !== null && high !== null && whisker(x, y(low), y(high))}
    <circle cx="${x}" cy="${y(point.value)}" r="5"/>
    <text class="tick" x="${x}" y="${plot.height - plot.bottom + 18}" text-anchor="middle">${point.clips}</text>
  </g>`;
}
