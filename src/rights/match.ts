import { basename } from 'node:path';
import type { FilmFacts } from '../catalog/index.ts';
import type { Appearance, Ledger, Range } from './schema.ts';

/** A catalogued file as the ledger can name it. */
export interface NamedFile {
  /** Base name. */
  name: string;
  sha256: string;
  /** Other base names under which the same bytes were found. */
  also?: readonly string[] | undefined;
}

/** A film of the catalogue as the ledger can name it: by its base name, its bytes, or another name of these. */
export const namedOf = ({ path, sha256, facts }: Film): NamedFile => ({
  name: basename(path),
  sha256,
  also: (facts as Partial<FilmFacts>).names,
});

/** @property facts `FilmFacts` as they are kept */
type Film = { path: string; sha256: string; facts: unknown };

/** The ledger's title that a file belongs to, or why nobody can say; `between`: the titles that name it in one way or another. */
export type TitleMatch = { title: string } | { unknown: string; between?: readonly string[] };

/** What a range is compared with: frames 0-based, `[in, out)`. */
export interface ShotSpan {
  in: number;
  out: number;
  inTimecode: string;
  outTimecode: string;
}

/** Unicode writes one name in several ways; macOS and Linux differ. */
export const plainName = (name: string): string => name.normalize('NFC');
const same = (a: string, b: string): boolean => a === b || plainName(a) === plainName(b);

export const names = (written: string, file: NamedFile): boolean =>
  written === file.sha256 || [file.name, ...(file.also ?? [])].some((name) => same(written, name));

/** By each name, under any of which they were found, the sha256 of the films that bear it. */
export function bearersOf(files: readonly NamedFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const bearers = new Map<string, Set<string>>();
  for (const { name, also = [], sha256 } of files)
    for (const one of [name, ...also].map(plainName))
      bearers.set(one, (bearers.get(one) ?? new Set<string>()).add(sha256));
  return bearers;
}

type Matcher = (file: NamedFile) => TitleMatch;

/** By each name that a title gives to a film, the first such title's id; once for each ledger, as it is asked with one list of files after another. */
const writtenIn = new WeakMap<Ledger, ReadonlyMap<string, string>>();

function titlesByName(ledger: Ledger): ReadonlyMap<string, string> {
  const known = writtenIn.get(ledger);
  if (known) return known;
  const titles = new Map<string, string>();
  for (const { id, files: written } of ledger.titles)
    for (const name of written.map(plainName)) if (!titles.has(name)) titles.set(name, id);
  writtenIn.set(ledger, titles);
  return titles;
}

function titleMatcher(ledger: Ledger, files: readonly NamedFile[]): Matcher {
  const titles = titlesByName(ledger);
  const bearers = bearersOf(files);
  return (file) => {
    const match = matchAlone(file);
    const others = (file.also ?? []).flatMap((name) => {
      const title = titles.get(plainName(name));
      return title === undefined || ('title' in match && match.title === title) ? [] : [{ name, title }];
    });
    return others.length === 0 ? match : alsoNamed(match, file, others);
  };
  function matchAlone(file: NamedFile): TitleMatch {
    const [bySha, byName] = [titles.get(file.sha256), titles.get(plainName(file.name))];
    if (bySha !== undefined) return byName ? oneOf(bySha, byName, file) : { title: bySha };
    if (byName === undefined)
      return { unknown: `no title of the ledger names ${file.name} (sha256 ${file.sha256})` };
    const others = new Set(bearers.get(plainName(file.name))).add(file.sha256).size;
    if (others === 1) return { title: byName };
    return { unknown: `${others} files are called ${file.name}: name each by its sha256` };
  }
}

/** Titles that name a file by any of its names. */
export const titlesNaming = (match: TitleMatch): readonly string[] =>
  'title' in match ? [match.title] : (match.between ?? []);

/** Another name alone permits nothing: it may be that of other bytes elsewhere. */
function alsoNamed(
  match: TitleMatch,
  { name, sha256 }: NamedFile,
  others: readonly { name: string; title: string }[],
): TitleMatch {
  const between = [...new Set([...titlesNaming(match), ...others.map(({ title }) => title)])];
  const said = others.map((other) => `${other.title} names ${other.name}`).join(' and ');
  const unknown =
    'title' in match
      ? `${match.title} names ${name}, and ${said}, which is the same bytes (sha256 ${sha256})`
      : `${match.unknown}; ${said}, which is the same bytes`;
  return { unknown, between };
}

/** A title that was withdrawn must not be used under the name of another. */
const oneOf = (bySha: string, byName: string, { name, sha256 }: NamedFile): TitleMatch =>
  bySha === byName
    ? { title: bySha }
    : {
        unknown: `${bySha} names ${name} by its sha256 ${sha256}, and ${byName} by its name`,
        between: [bySha, byName],
      };

/** Asked of every file of a library with the same ledger and list of files: looked through once. */
const matchers = new WeakMap<Ledger, WeakMap<readonly NamedFile[], Matcher>>();

/**
 * The title that names the file by sha256 or by base name; where two do, nobody can say. A name that several catalogued
 * files carry, or under which their bytes were found too, names none of them.
 * @param files every catalogued file; neither it nor the ledger is changed afterwards
 */
export function matchTitle(ledger: Ledger, file: NamedFile, files: readonly NamedFile[]): TitleMatch {
  const known = matchers.get(ledger) ?? new WeakMap<readonly NamedFile[], Matcher>();
  matchers.set(ledger, known);
  const match = known.get(files) ?? titleMatcher(ledger, files);
  known.set(files, match);
  return match(file);
}

/** Whether what the row names is said to be seen in the shot, be it for one frame. */
export const appearsIn = (
  appearance: Pick<Appearance, 'file' | 'shots'>,
  file: NamedFile,
  shot: ShotSpan,
): boolean =>
  names(appearance.file, file) &&
  (Array.isArray(appearance.shots)
    ? appearance.shots.some((range) => meets(range, shot))
    : appearance.shots === 'all');

/** Whether all of the shot lies where the row says: one frame outside, and it does not speak of the shot. */
export const holdsShot = (
  row: { file: string; shots: 'all' | readonly Range[] },
  file: NamedFile,
  shot: ShotSpan,
): boolean =>
  names(row.file, file) && (row.shots === 'all' || row.shots.some((range) => encloses(range, shot)));

function encloses(range: Range, shot: ShotSpan): boolean {
  if (typeof range.in === 'number' && typeof range.out === 'number') {
    return range.in <= shot.in && range.out >= shot.out;
  }
  const [start, end] = [label(String(range.in)), label(String(range.out))];
  const [first, last] = [label(shot.inTimecode), label(shot.outTimecode)];
  return start <= first && first <= last && last <= end;
}

/** Whether one range holds all of another. Frames and timecodes are not compared, nor what goes round at midnight. */
export function holdsRange(outer: Range, inner: Range): boolean {
  if (outer.in === inner.in && outer.out === inner.out) return true;
  const [start, end] = [placeOf(outer.in), placeOf(outer.out)];
  const [first, last] = [placeOf(inner.in), placeOf(inner.out)];
  return typeof outer.in === typeof inner.in && start <= first && first < last && last <= end;
}

const placeOf = (at: number | string): number => (typeof at === 'number' ? at : label(at));

function meets(range: Range, shot: ShotSpan): boolean {
  if (typeof range.in === 'number' && typeof range.out === 'number') {
    return range.in < shot.out && range.out > shot.in;
  }
  const [start, end] = [label(String(range.in)), label(String(range.out))];
  const [shotStart, shotEnd] = [label(shot.inTimecode), label(shot.outTimecode)];
  return inside(start, shotStart, shotEnd) || inside(shotStart, start, end);
}

/** `01:00:04:12` as 010004012: labels of one film are in order, also where frames are dropped. */
function label(timecode: string): number {
  const [hours, minutes, seconds, frames] = timecode.split(/[:;.]/);
  return Number(`${hours}${minutes}${seconds}${frames?.padStart(3, '0')}`);
}

/** Half-open, on a clock that goes round at midnight. */
const inside = (at: number, start: number, end: number): boolean =>
  start <= end ? start <= at && at < end : at >= start || at < end;
