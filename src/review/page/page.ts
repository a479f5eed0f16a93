import { readFileSync } from 'node:fs';
import type { Report } from '../schema.ts';
import { html, json, type Markup, raw } from './html.ts';
import {
  forecastSection,
  headSection,
  methodSection,
  proofSection,
  ratesSection,
  rightsSection,
} from './sections.ts';
import { takesSection, viewer } from './takes.ts';
import { inArmOrder } from './words.ts';

/** Nothing is fetched from elsewhere: pictures lie beside the page, verdicts go to the server it came from. */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
].join('; ');

/** In this order: the last one bends the others to narrow screens. */
const styles = ['./page.css', './charts.css', './room.css', './viewer.css', './narrow.css'];

const asset = (name: string): Markup => raw(readFileSync(new URL(name, import.meta.url), 'utf8'));

/**
 * The report as one HTML page. Style and script are inside; videos and thumbnails are referenced as `report` names
 * them, so paths in it are relative to where the page will lie. Works from a file and from `backlot serve`.
 */
export function renderReport(given: Report): string {
  const report = { ...given, arms: inArmOrder(given.arms) };
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${report.title} · Backlot</title>
<link rel="icon" href="data:,">
<style>${styles.map(asset)}</style>
</head>
<body>
<main>
${headSection(report)}
${ratesSection(report)}
${takesSection(report)}
${forecastSection(report)}
${rightsSection(report)}
${proofSection(report)}
${methodSection(report)}
</main>
${viewer}
<div class="tray" id="tray" hidden><span id="tray-words"></span><button type="button" id="export">Export verdicts</button></div>
<script type="application/json" id="report">${json(clientPart(report))}</script>
<script type="module">${asset('./page.js')}</script>
</body>
</html>
`;
  return page.markup;
}

/** What the script needs: the takes with their judgements, and the verdicts known when the page was written. */
function clientPart({ name, workspace, madeAt, takes, verdicts, picture }: Report) {
  return {
    report: name,
    key: `backlot ${workspace} ${name} ${madeAt}`,
    fps: picture.fps,
    frames: picture.frames,
    takes,
    verdicts,
  };
}
