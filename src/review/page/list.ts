import { writtenReports } from '../written-reports.ts';
import { html } from './html.ts';

/** A page that leads to all reports of a folder, the newest first: where `backlot serve` sends a browser. */
export async function renderReportList(reports: string): Promise<string> {
  const lines = (await writtenReports(reports)).map(
    ({ name, at }) =>
      html`<li><a href="${encodeURIComponent(name)}/index.html">${name}</a>, written ${new Date(at).toISOString()}</li>\n`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Reports · Backlot</title>
<link rel="icon" href="data:,">
<style>body { font: 16px/1.6 system-ui, sans-serif; margin: 2rem; overflow-wrap: anywhere }</style>
</head>
<body>
<h1>Reports</h1>
${lines.length > 0 ? html`<ul>\n${lines}</ul>` : html`<p>No report is written yet: run, generate and demo write one.</p>`}
</body>
</html>
`.markup;
}
