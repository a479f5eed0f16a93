import type { Report, ReportTake } from '../schema.ts';
import { html, type Markup } from './html.ts';
import { armSubtitle, armTitle, bestArm, plain, plural } from './words.ts';

/** The screening room: a row a brief, a column an arm, every candidate as a looping, silent picture. */
export function takesSection(report: Report): Markup {
  if (report.takes.length === 0)
    return html`<section class="room"><div class="page"><h2>The takes</h2><p>No takes were made.</p></div></section>`;
  const arms = report.arms.map(({ name }) => name);
  return html`<section class="room" id="takes" style="--arms: ${arms.length}; --across: ${across(report)}; --shape: ${report.picture.width} / ${report.picture.height}">
  <div class="page wide">
    <header class="room-head">
      <div><h2>The takes</h2><p>${introduction(report)}</p></div>
      ${controls(report.takes.some((take) => take.verdict !== 'unchecked'))}
    </header>
    ${withdrawnNote(report)}
    <div class="columns" aria-hidden="true"><span></span>${report.arms.map(columnHead)}</div>
    ${briefs(report.takes).map(([brief, takes]) => briefRow(brief, takes, arms))}
  </div>
</section>`;
}

/** Pictures beside each other in a cell: two for several arms, as many as there are candidates for one. */
function across({ arms, takes }: Report): number {
  const [first] = briefs(takes);
  return arms.length > 1 ? 2 : Math.min(4, Math.max(1, first?.[1].length ?? 1));
}

/** What has come since the report was written. */
function withdrawnNote({ takes }: Report): Markup | null {
  const reached = Map.groupBy(
    takes.flatMap(({ withdrawn }) => withdrawn),
    reachedWords,
  );
  if (reached.size === 0) return null;
  const rows = [...reached].map(([row, of]) => `${row} has reached ${plural(of.length, 'take')} here.`);
  return html`<p class="withdrawn-note"><strong>WITHDRAWN:</strong> ${rows.join(' ')} Nothing of them may be used any more; \`backlot provenance tasks\` lists what is open.</p>`;
}

const reachedWords = ({ row, at }: ReportTake['withdrawn'][number]): string =>
  `${row}, withdrawn ${at.slice(0, 10)},`;

function introduction({ takes, picture }: Report): Markup {
  const { width, height, frames, fps } = picture;
  return html`${plural(takes.length, 'take')}, each ${frames} frames of ${width} × ${height} pixels
    (${(frames / fps).toFixed(1)} s), shown larger than they are. Open one to step through it, judge it and leave a note.`;
}

const controls = (checked: boolean): Markup => html`<div class="controls" role="group" aria-label="Show">
  <button type="button" data-filter="all" aria-pressed="true">All</button>
  ${checked && checkFilters}
  <button type="button" data-filter="open" aria-pressed="false">Not judged by a person</button>
  <button type="button" data-pixels aria-pressed="false">Show pixels</button>
</div>
<p class="legend">
  ${checked ? checkLegend : html`<span><i class="check unchecked">?</i> not checked automatically</span>`}
  <span><i class="person usable">usable</i> <i class="person not">not usable</i> a person's verdict</span>
</p>`;

const checkFilters = html`<button type="button" data-filter="usable" aria-pressed="false">Check: usable</button>
  <button type="button" data-filter="not usable" aria-pressed="false">Check: not usable</button>`;

const checkLegend = html`<span><i class="check usable">✓</i> <i class="check not">✕</i> <i class="check unchecked">?</i> automatic check</span>`;

const columnHead = ({ name, trainSeconds }: Report['arms'][number]): Markup =>
  html`<span class="arm-${name}"><strong>${armTitle(name)}</strong><small>${armSubtitle(name, trainSeconds)}</small></span>`;

function briefs(takes: readonly ReportTake[]): [string, ReportTake[]][] {
  return [...Map.groupBy(takes, (take) => take.brief)];
}

function briefRow(brief: string, takes: readonly ReportTake[], arms: readonly string[]): Markup {
  return html`<article class="brief">
    <h3><small>${brief}</small>${plain(takes[0]?.text ?? '')}</h3>
    ${arms.map((arm) =>
      armCell(
        arm,
        takes.filter((take) => take.arm === arm),
      ),
    )}
  </article>`;
}

const armCell = (arm: string, takes: readonly ReportTake[]): Markup =>
  html`<div class="cell arm-${arm}"><h4>${armTitle(arm)}</h4>${takes.map(takeTile)}${takes.length === 0 && html`<p>no take</p>`}</div>`;

const marks = { usable: '✓', 'not usable': '✕', unchecked: '?' } as const;
const classes = { usable: 'usable', 'not usable': 'not', unchecked: 'unchecked' } as const;

function takeTile(take: ReportTake, at: number): Markup {
  const check =
    take.verdict === 'unchecked' ? 'not checked automatically' : `automatic check: ${take.verdict}`;
  const rows = take.withdrawn.map(({ row, at }) => `${row} ${at.slice(0, 10)}`).join(', ');
  const gone = rows && ', withdrawn';
  const label = `${armTitle(take.arm)}, candidate ${at + 1} of brief ${take.brief}, ${check}${gone}`;
  return html`<button type="button" class="take" data-take="${take.id}" data-check="${take.verdict}" aria-label="${label}">
    <video data-src="${take.video}" ${take.still && html`poster="${take.still}"`} muted loop playsinline preload="none" tabindex="-1"></video>
    <span class="check ${classes[take.verdict]}" title="${check}">${marks[take.verdict]}</span>
    ${rows && html`<span class="withdrawn" title="${rows}">withdrawn</span>`}
    <span class="person" hidden></span>
  </button>`;
}

/** The viewer that a take opens in; the script fills it. */
export const viewer: Markup = html`<dialog id="viewer" aria-labelledby="viewer-title">
  <div class="screen"><video id="screen" muted loop playsinline></video></div>
  <div class="transport">
    <button type="button" data-step="-1" title="one frame back (,)">◂ frame</button>
    <button type="button" id="play" autofocus title="play or pause (space)">pause</button>
    <button type="button" data-step="1" title="one frame on (.)">frame ▸</button>
    <output id="frame"></output>
    <span class="grow"></span>
    <button type="button" data-go="-1" title="take before (left arrow)">← take</button>
    <button type="button" data-go="1" title="next take (right arrow)">take →</button>
    <button type="button" id="close" title="close (escape)">close</button>
  </div>
  <div class="desk">
    <div>
      <h2 id="viewer-title"></h2>
      <p id="viewer-arm"></p>
      <h3>Automatic check</h3>
      <p id="viewer-check"></p>
      <ul id="viewer-reasons"></ul>
      <h3>Where it comes from</h3>
      <p id="viewer-signed"></p>
      <p><code id="viewer-command"></code></p>
    </div>
    <form id="judge">
      <h3>Your verdict</h3>
      <label for="note">Note at frame <output id="note-frame"></output></label>
      <textarea id="note" rows="3" maxlength="2000" placeholder="What did you see?"></textarea>
      <div class="verdicts">
        <button type="submit" value="usable" class="usable" title="usable (u)">Usable</button>
        <button type="submit" value="not_usable" class="not" title="not usable (n)">Not usable</button>
      </div>
      <p id="saved" role="status"></p>
      <ol id="viewer-verdicts"></ol>
    </form>
  </div>
</dialog>`;

/** The same brief from every model, side by side: the first brief that the best arm does well, each model's best take. */
export function sideBySide(report: Report): Markup | null {
  const { arms, takes, picture } = report;
  const best = (bestArm(report) ?? arms.at(-1))?.name;
  const good = takes.find((take) => take.arm === best && take.verdict === 'usable');
  const brief = (good ?? takes[0])?.brief;
  if (arms.length < 2 || brief === undefined) return null;
  const chosenTakes = arms.flatMap(({ name }) =>
    bestOf(takes.filter((take) => take.brief === brief && take.arm === name)),
  );
  if (chosenTakes.length < arms.length) return null;
  const text = plain(chosenTakes[0]?.text ?? '');
  const chosen = good
    ? `the first brief with a usable take by the ${best}, and each model's best take for it by the automatic check`
    : "the first brief, and each model's first take for it";
  return html`<figure class="pair" style="--arms: ${arms.length}; --shape: ${picture.width} / ${picture.height}">
    <div>${chosenTakes.map((take) => html`<div class="arm-${take.arm}">${takeTile(take, 0)}<span class="pair-name">${armTitle(take.arm)}</span></div>`)}</div>
    <p class="small">“${text}”: ${chosen}.</p>
  </figure>`;
}

function bestOf(takes: readonly ReportTake[]): ReportTake[] {
  const best = takes.find((take) => take.verdict === 'usable') ?? takes[0];
  return best ? [best] : [];
}
