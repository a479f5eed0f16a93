import { html, type Markup } from '../../review/index.ts';
import type {
  AmountLine,
  ExposureLine,
  ParticipantStatement,
  ReferenceLine,
  ReplicaLine,
  Statement,
  SummaryStatement,
} from '../statement-schema.ts';
import { besideAmounts, hundredths, replicaWords } from './words.ts';

/** A statement as a page that needs nothing else: no script, no style from elsewhere. */
export function statementPage(statement: Statement): string {
  const title =
    statement.kind === 'participant' ? `Statement for ${statement.participant.name}` : 'All statements';
  const body = statement.kind === 'participant' ? participantParts(statement) : summaryParts(statement);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · Backlot</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p>${statement.period.from} up to, but not including, ${statement.period.until}${madeWords(statement)}. ${poolWords(statement)}</p>
${body}
${notKnownPart(statement)}
<h2>Rule ${statement.rule.id}</h2>
<ul>${statement.rule.says.map((line) => html`<li>${line}</li>`)}</ul>
<p>${statement.notice}</p>
<p>Digest <code>${statement.digest}</code></p>
</body>
</html>
`.markup;
}

const style = {
  markup: `body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
code{overflow-wrap:anywhere}`,
};

const madeWords = ({ asOf }: Statement): string => (asOf === undefined ? '' : `, as recorded by ${asOf}`);

const poolWords = ({ pool }: Statement): string =>
  pool ? `Pool: ${pool.name}.` : 'No pool was named, so no amounts are stated.';

const participantParts = ({ exposure, references, replicas, amounts }: ParticipantStatement): Markup[] => [
  html`<h2>Shown in training</h2>`,
  exposure.length > 0 ? table(exposureHead, exposure.map(exposureRow)) : html`<p>Nothing.</p>`,
  html`<h2>Given to takes</h2>`,
  references.length > 0 ? table(referenceHead, references.map(referenceRow)) : html`<p>Nothing.</p>`,
  replicasPart(replicas),
  amountsPart(amounts),
];

const exposureHead = [
  'Training',
  'Title',
  'As',
  '#Shots',
  '#Clips',
  '#Showings',
  '#Minutes',
  '#Counted, minutes',
];

const exposureRow = (line: ExposureLine): string[] => [
  `${line.ended.slice(0, 10)} ${line.run}${line.models.length > 0 ? `, model ${line.models.join(', ')}` : ', no model kept'}`,
  line.title.name,
  roleWords(line),
  ...[line.shots, line.clips, line.seen].map(String),
  minutes(line.seconds),
  minutes(line.counted),
];

const referenceHead = ['Take', 'Title', 'As', 'Given as', '#Counted'];

const referenceRow = (line: ReferenceLine): string[] => [
  `${line.madeAt.slice(0, 10)} ${line.take}`,
  line.title.name,
  roleWords(line),
  line.given,
  line.counted,
];

/** Absent by rules that count none. */
function replicasPart(replicas: ParticipantStatement['replicas']): Markup {
  if (!replicas) return html``;
  const head = html`<h2>Drawn as replicas</h2>`;
  if (replicas.takes === 0) return html`${head}<p>Nothing.</p>`;
  return html`${head}<p>${replicaWords(replicas)}.</p>${table(replicaHead, replicas.each.map(replicaRow))}`;
}

const replicaHead = ['Take', 'Run', 'Drawn by', '#Seconds', 'Reached by a withdrawal'];

const replicaRow = (line: ReplicaLine): string[] => [
  `${line.madeAt.slice(0, 10)} ${line.take}`,
  line.run,
  line.models.join(', '),
  hundredths(line.seconds, 1n),
  line.withdrawn === null ? 'no' : `yes, ${line.withdrawn.slice(0, 10)}`,
];

const roleWords = ({ role, share, basis }: Pick<ExposureLine, 'role' | 'share' | 'basis'>): string => {
  if (basis)
    return 'performer, targeted by the training and confirmed in none of these shots: nothing is counted for that';
  return role === 'owner' ? `owner of ${share}` : 'performer';
};

const minutes = (seconds: string): string => hundredths(seconds, 60n);

function amountsPart(amounts: readonly AmountLine[]): Markup {
  if (amounts.length === 0) return html``;
  const rows = amounts.map(({ pool, amount, counted, of, due }) => [
    pool,
    amount,
    `${counted} of ${of}`,
    due,
  ]);
  return html`<h2>Amounts</h2>${table(['Pool', '#Of', 'Counted', '#Due'], rows)}`;
}

const summaryParts = ({ trainings, participants, undivided }: SummaryStatement): Markup[] => [
  html`<h2>Trainings</h2>`,
  table(
    ['Training', 'Dataset', '#Steps', '#Batch', '#Minutes'],
    trainings.map((t) => [
      `${t.ended.slice(0, 10)} ${t.run}`,
      t.snapshot,
      `${t.steps}`,
      `${t.batch}`,
      minutes(t.seconds),
    ]),
  ),
  html`<h2>Participants</h2>`,
  table(
    ['Participant', 'Due', 'Statement'],
    participants.map(({ id, name, amounts, statement, ...beside }) => [
      `${name} (${id})${besideAmounts(beside)}`,
      amounts.map(({ pool, due }) => `${pool} ${due}`).join('; ') || 'no amounts',
      statement,
    ]),
  ),
  ...undivided.map(({ pool, amount, why }) => html`<p>${pool}: ${amount} was not divided, as ${why}.</p>`),
];

const notKnownPart = ({ notKnown }: Statement): Markup =>
  notKnown.length === 0
    ? html``
    : html`<h2>Not known</h2><ul>${notKnown.map((line) => html`<li>${line}</li>`)}</ul>`;

/** A head that begins with # is a number's. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const kind = (i: number) => (head[i]?.startsWith('#') ? 'n' : '');
  return html`<table><thead><tr>${head.map((name, i) => html`<th class="${kind(i)}">${name.replace('#', '')}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td class="${kind(i)}">${cell}</td>`)}</tr>`)}</tbody></table>`;
}
