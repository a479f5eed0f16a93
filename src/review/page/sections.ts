import type { Report } from '../schema.ts';
import { forecastPlot, rateChart } from './charts.ts';
import { html, type Markup } from './html.ts';
import { sideBySide } from './takes.ts';
import { briefsWords, duration, fewestTakes, headline, plural, reasonTitle } from './words.ts';

/** The page's sections in reading order; the takes have a file of their own. */

export function headSection(report: Report): Markup {
  const date = report.madeAt.slice(0, 16).replace('T', ', ');
  return html`<header class="head page">
  <p class="mark">Backlot <span>${report.title}</span></p>
  <h1>${headline(report)}.</h1>
  <p class="lead">${leadWords(report)}</p>
  ${sideBySide(report)}
  <dl class="facts">${facts(report).map(([value, name]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
  <p class="small">${date} UTC · workspace ${report.workspace}${reusedWords(report)}</p>
</header>`;
}

function reusedWords({ reused }: Report): string {
  if (!reused) return '';
  const date = reused.finishedAt.slice(0, 16).replace('T', ', ');
  return ` · nothing was made anew: the work was finished on ${date} UTC and looked through again in ${duration(reused.seconds)}`;
}

function leadWords({ titles, shots, rights, dataset, takes }: Report): string {
  if (!rights) return takesWords(takes);
  const seen = `${plural(titles, 'title')} with ${plural(shots, 'shot')} came in. ${rights.cleared.toLocaleString('en-GB')} shots are cleared for training`;
  const refused = Math.max(0, shots - rights.cleared);
  const left = refused > 0 ? `, ${refused.toLocaleString('en-GB')} are not and were left out` : '';
  const frozen = dataset
    ? ` Of this catalogue the models saw ${plural(dataset.train, 'clip')} of cleared shots and nothing else.`
    : '';
  return `${seen}${left}.${frozen}`;
}

function takesWords(takes: Report['takes']): string {
  const briefs = new Set(takes.map(({ brief }) => brief)).size;
  return `${plural(takes.length, 'take')} of ${plural(briefs, 'brief')}, to be watched and judged.`;
}

function facts(report: Report): [string, string][] {
  const cost = report.cpuMinutesPerUsableSecond;
  const signed = report.takes.filter((take) => take.signed).length;
  const all: [string, string | null][] = [
    [duration(report.seconds ?? 0), report.seconds === null ? null : 'from films to takes'],
    [`${signed} of ${report.takes.length}`, 'takes signed'],
    [cost === null ? '' : cost.toPrecision(2), cost === null ? null : 'CPU minutes for a usable second'],
    [
      report.boundary ? report.boundary.f1.toFixed(3) : '',
      report.boundary ? 'F1 of cuts and fades found' : null,
    ],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== null);
}

export function ratesSection({ arms, takes, checker }: Report): Markup | null {
  if (arms.length === 0) return null;
  if (arms.every((arm) => arm.usableAt4 === null)) return unjudged;
  const tries = fewestTakes(takes) < 4 ? 'up to four' : 'four';
  return html`<section class="page" id="rates">
  <h2>How often is a take usable?</h2>
  <p>${briefsWords(arms, takes)} A take counts as usable when everything its brief asks for is right, it is no
  copy of a training clip, somebody stands out in it in the colours of who was asked for, it moves as asked, and it is sharp and steady enough. An automatic checker judged this, not a person.</p>
  <div class="charts">
    ${rateChart(arms, 'usableAt4', `At least one of ${tries} takes`, 'share of briefs')}
    ${rateChart(arms, 'usable', 'A single take', 'share of takes')}
  </div>
  <p class="small">Lines over the bars are 95 % intervals over briefs (Wilson).
  ${checker && html`Checker <code>${checker.sha256.slice(0, 12)}</code>; its limits were fixed before these takes were made.`}</p>
</section>`;
}

const unjudged = html`<section class="page" id="rates">
  <h2>How often is a take usable?</h2>
  <p>Nobody knows yet. The automatic checker knows only the films of the sample studio; on these films it would guess,
  so it does not judge. Watch the takes below and say so yourself.</p>
</section>`;

export function forecastSection({ forecast }: Report): Markup | null {
  if (!forecast) return null;
  return html`<section class="page" id="forecast">
  <h2>Was this catalogue enough?</h2>
  <p class="verdict ${forecast.verdict.replace(' ', '-')}">${verdictWords[forecast.verdict]}</p>
  <p>${forecast.words}</p>
  <figure class="chart"><figcaption><strong>${forecast.measure}</strong><span>filled: measured; hollow: predicted${forecast.points.some(({ low }) => low !== null) && '; lines: 95 % intervals'}</span></figcaption>
  ${forecastPlot(forecast)}</figure>
</section>`;
}

const verdictWords = { enough: 'Enough', 'not enough': 'Not enough', 'cannot tell': 'Cannot tell' } as const;

export function rightsSection({ rights }: Report): Markup | null {
  if (!rights) return null;
  const reasons = Object.entries(rights.refused).sort(([, a], [, b]) => b - a);
  const most = Math.max(1, ...reasons.map(([, count]) => count));
  return html`<section class="page" id="rights">
  <h2>What was left out, and why</h2>
  <p>${plural(rights.cleared, 'shot')} may be used for training. Unknown rights never pass: the shots below reached no model.</p>
  ${reasons.length === 0 && html`<p>No shot was refused.</p>`}
  <div class="reasons">${reasons.map(([reason, count]) => reasonBlock(reason, count, most, rights.examples))}</div>
  ${rights.examples.length > 0 && reasons.length > 1 && html`<p class="small">A shot refused for several reasons is counted and shown once, under the reason that comes first.</p>`}
</section>`;
}

type Examples = NonNullable<Report['rights']>['examples'];

function reasonBlock(reason: string, count: number, most: number, all: Examples): Markup {
  const examples = all.filter((example) => example.reason === reason).slice(0, 4);
  return html`<article>
    <h3>${reasonTitle(reason)}</h3>
    <p class="count"><span style="width: ${((count / most) * 100).toFixed(1)}%"></span>${plural(count, 'shot')}</p>
    <div class="examples">${examples.map(exampleFigure)}</div>
    <p class="small">${examples[0]?.message}</p>
  </article>`;
}

const exampleFigure = ({ thumbnail, title, timecode }: Examples[number]): Markup =>
  html`<figure>${thumbnail ? html`<img src="${thumbnail}" alt="" loading="lazy">` : html`<span class="no-picture"></span>`}
    <figcaption>${title}<br>${timecode}</figcaption></figure>`;

const stateWords = {
  Trusted: 'read back as trusted by this workspace',
  Valid: 'whole, but by a signer not known here',
  Invalid: 'altered or broken',
} as const;

export function proofSection({ takes, dataset }: Report): Markup | null {
  if (takes.length === 0) return null;
  const states = (['Trusted', 'Valid', 'Invalid'] as const)
    .map((state) => [state, takes.filter((take) => take.signed === state).length] as const)
    .filter(([, count]) => count > 0);
  const unsigned = takes.filter((take) => take.signed === null).length;
  return html`<section class="page" id="proof">
  <h2>Where each take comes from</h2>
  <p>Signed takes carry their own proof: that a trained model made them, which one, from which dataset, titles and
  grants, and that nothing was changed since (C2PA). The signer is a test identity made on this machine, so it proves
  that a file is whole, not which company made it.</p>
  <ul class="states">
    ${states.map(([state, count]) => html`<li><strong>${count}</strong> ${count === 1 ? 'file' : 'files'} ${stateWords[state]}</li>`)}
    ${unsigned > 0 && html`<li><strong>${unsigned}</strong> not signed</li>`}
  </ul>
  <p>Check any of them: <code>./backlot provenance verify ${takes[0]?.video}</code></p>
  ${
    dataset &&
    html`<p class="small">Dataset ${dataset.id}: ${plural(dataset.clips, 'clip')}, ${dataset.train} to train on, ${dataset.heldout} kept aside to measure.
    Digest <code>${dataset.digest}</code></p>`
  }
</section>`;
}

export function methodSection({ measured, notes, boundary }: Report): Markup {
  const dissolves = boundary?.dissolveRecall;
  const shots = boundary && {
    what: 'Shot boundaries',
    how: `F1 ${boundary.f1.toFixed(3)} over cuts and fades${dissolves == null ? '' : `, ${(dissolves * 100).toFixed(0)} % of dissolves found`}, against the truth of the rendered films, within one frame.`,
  };
  const all = [...(shots ? [shots] : []), ...measured];
  return html`<section class="page" id="method">
  ${
    all.length > 0 &&
    html`<h2>How each number was measured</h2>
  <dl class="method">${all.map(({ what, how }) => html`<div><dt>${what}</dt><dd>${how}</dd></div>`)}</dl>`
  }
  ${notes.length > 0 && html`<h3>What to keep in mind</h3><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
  <p class="small">Made by Backlot. The page needs no network. It is not legal advice.</p>
</section>`;
}
