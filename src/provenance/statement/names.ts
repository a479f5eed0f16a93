import { basename } from 'node:path';
import type { FilmFacts } from '../../catalog/index.ts';
import { type NamedFile, namedOf, plainName } from '../../rights/index.ts';
import { apart } from '../film-named.ts';
import { countsNames, type RuleId } from '../statement-rules.ts';
import type { FileRow } from '../store.ts';
import type { Moment } from './moment.ts';

/** By what, and as of when, a statement is computed. */
export interface By {
  asOf: Moment;
  rule: RuleId;
}

/** Films by their ids as a ledger can name them in a statement: a name that is found later changes none that was made. */
export function filmsKnown(rows: readonly FileRow[], { asOf, rule }: By): ReadonlyMap<string, NamedFile> {
  if (!countsNames(rule))
    return new Map(rows.map(({ id, path, sha256 }) => [id, { name: basename(path), sha256 }]));
  return apart(rows, (row) => namedBy(row, asOf));
}

/** The names that the film had at a moment. Those of before names were dated have no date, and count at all. */
function namedBy(row: FileRow, asOf: Moment): NamedFile {
  const { name, sha256, also = [] } = namedOf(row);
  const { namedAt = {} } = row.facts as Partial<FilmFacts>;
  const dates = new Map(Object.entries(namedAt).map(([written, at]) => [plainName(written), at]));
  const isKnown = (one: string): boolean => asOf === undefined || (dates.get(one) ?? '') < asOf;
  const [first = name, ...others] = [...new Set([name, ...also].map(plainName))].filter(isKnown);
  return { name: first, sha256, also: others };
}
