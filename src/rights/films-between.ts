import { isDeepStrictEqual } from 'node:util';
import { type Holdings, ledgerOf, questionBase } from './bulk.ts';
import { namedOf } from './match.ts';
import { sections } from './raw.ts';
import type { Ledger } from './schema.ts';

/** Two ledgers beside the catalogued files, and all of whom will be asked. */
interface Between extends Pick<Holdings, 'files'> {
  before: NonNullable<Holdings['ledger']>;
  now: NonNullable<Holdings['ledger']>;
  performers: readonly string[];
}

/**
 * The films, by id, of which the second ledger may refuse a shot that the first allowed: those that are another title's, or around which
 * some row differs. Each film is decided by those rows alone (`sliceFor`), so that of all others the answers are the same. Of a
 * film of which the first knows no title it allowed nothing.
 */
export function filmsBetween({ files, before, now, performers }: Between): Set<string> {
  const [old, next] = [ledgerOf({ files, ledger: before }), ledgerOf({ files, ledger: now })];
  const named = files.map(namedOf);
  const differs = (file: (typeof named)[number]): boolean => {
    const then = questionBase(old, file, named, performers);
    if ('unknown' in then.title) return false;
    const since = questionBase(next, file, named, performers);
    return !isDeepStrictEqual(then.title, since.title) || !isSame(then.ledger, since.ledger);
  };
  return new Set(files.flatMap(({ id }, i) => (differs(named[i] as (typeof named)[number]) ? [id] : [])));
}

const isSame = (one: Ledger, other: Ledger): boolean =>
  sections.every((section) => isSameList(one[section], other[section]));

/** Rows that both hold are mostly one object. */
const isSameList = (one: readonly object[], other: readonly object[]): boolean =>
  one.length === other.length && one.every((row, i) => row === other[i] || isDeepStrictEqual(row, other[i]));
