import { isRow, type Problem, rowsOf, type Section, shown } from './raw.ts';

/** What a spreadsheet would compute: an amount, a number of a telephone and a dash alone it does not. */
const formula = /^(?:[=@]|[+-](?![\d\s().,/-]*$))/;

/** What a page would draw, also where it is written by its escapes, which another program takes back. */
const markup = /<[a-z!/?]|&(?:amp;)*(?:lt\b|#\d|#x[\da-f])/i;

/** Full-width signs are what spreadsheets and other programs make of them. */
export function isCode(text: string): boolean {
  const plain = /[^ -~]/.test(text) ? text.normalize('NFKC').trimStart() : text.trimStart();
  return formula.test(plain) || markup.test(plain) || plain.includes('\0');
}

export const codeIn = (text: string): Omit<Problem, 'path'> => ({
  expected: 'plain text',
  found: shown(text),
  remedy: 'Remove the formula or the markup.',
});

/** Names of files are what they are, on the disk. */
const asTheyAre: readonly string[] = ['file', 'files'];

/** Each text of the rows of a section that is a formula or markup. Not part of the schema: rows recorded before must still be readable. */
export const codeProblems = (raw: unknown, section: Section): Problem[] =>
  rowsOf(raw, section).flatMap((row, i) => codeBelow(row, [section, i]));

function codeBelow(value: unknown, path: Problem['path']): Problem[] {
  if (typeof value === 'string') return isCode(value) ? [{ path, ...codeIn(value) }] : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => codeBelow(item, [...path, i]));
  if (!isRow(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    asTheyAre.includes(key) ? [] : codeBelow(inner, [...path, key]),
  );
}
