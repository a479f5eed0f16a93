import { hasStood } from './raw.ts';
import type { LedgerRow } from './schema.ts';

type Version = LedgerRow['versions'][number];

/** A row as people read it: a field a line, the newest version first. */
export function rowWords({
  row,
  inForce,
  versions,
  replacedBy,
  liftedBy,
  documents,
  notice,
}: LedgerRow): string {
  const hadForce = versions.some((one) => one.content !== null && hasStood(one, row));
  return [
    `${row}, ${inForce ? 'in force' : `${hadForce ? 'no longer' : 'never'} in force`}${named('replaced', replacedBy)}${named('lifted, for what they permit,', liftedBy)}`,
    ...documents.map(documentWords),
    ...versions.flatMap((version) => versionWords(version, row)),
    notice,
  ].join('\n');
}

const named = (what: string, rows: readonly string[]): string =>
  rows.length > 0 ? `, ${what} by ${rows.join(', ')}` : '';

function documentWords(document: LedgerRow['documents'][number]): string {
  const { agreement, name, sha256, clause, page, text } = document;
  const place = [
    ...(clause === null ? [] : [`clause ${clause}`]),
    ...(page === null ? [] : [`page ${page}`]),
    ...(sha256 === null ? ['its document is not in force any more'] : [`sha256 ${sha256}`]),
  ];
  const quoted = text === null ? '' : `: "${text}"`;
  return `  ${document.for} is written in ${name ?? agreement} (agreements/${agreement}, ${place.join(', ')})${quoted}`;
}

function versionWords(version: Version, row: string): string[] {
  const { id, source, recordedAt, recordedBy, supersedes, content } = version;
  const only = hasStood(version, row) ? '' : ' (replaced in the same recording, never in force)';
  const replaces = supersedes === null ? '' : `, replaces ${supersedes}`;
  const fields = content === null ? [['', 'taken out of force'] as const] : Object.entries(content);
  return [
    `${id}, recorded ${recordedAt} by ${recordedBy} from ${source}${replaces}${only}`,
    ...fields.map(([field, value]) => `    ${field.padEnd(16)} ${valueWords(value)}`.trimEnd()),
  ];
}

const valueWords = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ');
  return JSON.stringify(value);
};
