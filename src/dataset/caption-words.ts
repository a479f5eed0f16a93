import {
  type CaptionReport,
  captionRepeats,
  type Described,
  type Disclosure,
  type Disclosures,
  type Tokens,
} from './caption-schema.ts';
import { inWords } from './show.ts';

export const captionNotes = [
  'Nothing is sent of a title before a person has said so with `dataset disclose`, and then the thumbnails of those shots alone that the',
  'rights allow: the use index for the operator named there; for a third party, which is bound by no contract, train.foundation.',
  'The key is read from BACKLOT_CAPTION_KEY in the environment of the process that works on the workspace.',
  `Of the captions that it writes, an alarm tells which are the same for ${captionRepeats} shots of a title or more, or begin alike, as a freeze does; fewer are not told.`,
].join('\n');

/** A permission, for the terminal. */
export function disclosureInWords({
  allowed,
  title,
  endpoint,
  operator,
  territory,
  who,
  at,
  sent,
}: Disclosure): string {
  const may = allowed ? 'may be sent' : 'may no longer be sent';
  return `${title}: pictures ${may} to ${endpoint} (${operator}, ${territory}), said ${who} at ${at}; ${sent} sent`;
}

export const disclosuresInWords = ({ disclosures, totals, notice }: Disclosures): string =>
  [
    disclosures.map(disclosureInWords).join('\n') || 'nothing was ever let out',
    ...totals.map(
      ({ title, sent, tokens, cost }) =>
        `${title}, over all runs: ${sent} sent, ${tokensInWords(tokens, cost)}`,
    ),
    notice,
  ].join('\n');

function tokensInWords(tokens: Tokens, cost: number | null): string {
  const unsaid = tokens.unsaid > 0 ? ` (${tokens.unsaid} sendings named none)` : '';
  const price = cost === null ? '' : `, cost ${cost.toFixed(4)}`;
  return `${tokens.in} tokens read, ${tokens.out} written${unsaid}${price}`;
}

/** What a run of captions came to, for the terminal. */
export function captionedInWords(report: CaptionReport): string {
  const { captioned, cleaned, known, model, endpoint, titles, left, failed, tokens, cost, alarms } = report;
  return [
    `${captioned} shots described by ${model} at ${endpoint}, ${known} were before (${titles.join(', ')})`,
    ...(cleaned > 0
      ? [`${cleaned} of them without the reasoning, markup or quotes that came with them`]
      : []),
    `not sent: ${inWords(left)}`,
    `sent without a caption: ${inWords(failed)}`,
    tokensInWords(tokens, cost),
    ...alarms.map(({ rule, message }) => `alarm ${rule}: ${message}`),
  ].join('\n');
}

/** What is said of a shot, for the terminal. */
export function describedInWords({ shot, caption, source, versions }: Described): string {
  const written = versions.map(
    ({ at, who, model, source: by, caption: text }) =>
      `  ${at}  ${by}  ${model === null ? who : `${model}, for ${who}`}: ${text || '(taken away by a withdrawal)'}`,
  );
  return [`${shot}: ${caption} (${source})`, ...written].join('\n');
}
