import type { Appearance, Ledger, LedgerTitle, Range } from './schema.ts';

/** A catalogued file as the ledger can name it. */
export interface NamedFile {
  /** Base name. */
  name: string;
  sha256: string;
}

/** The ledger's title that a file belongs to, or why nobody can say. */
export type TitleMatch = { title: string } | { unknown: string };

/** What a range is compared with: frames 0-based, `[in, out)`. */
export interface ShotSpan {
  in: number;
  out: number;
  inTimecode: string;
  outTimecode: string;
}

/** Unicode writes one name in several ways; macOS and Linux differ. */
const same = (a: string, b: string): boolean => a.normalize('NFC') === b.normalize('NFC');

export const names = (written: string, file: NamedFile): boolean =>
  written === file.sha256 || same(written, file.name);

const naming = (title: LedgerTitle, file: NamedFile, by: 'sha256' | 'name'): boolean =>
  title.files.some((written) => (by === 'sha256' ? written === file.sha256 : same(written, file.name)));

/**
 * The title that names the file by sha256, else by base name. A name that several catalogued files carry
 * names none of them.
 * @param files every catalogued file
 */
export function matchTitle(ledger: Ledger, file: NamedFile, files: readonly NamedFile[]): TitleMatch {
  const bySha = ledger.titles.find((title) => naming(title, file, 'sha256'));
  if (bySha) return { title: bySha.id };
  const byName = ledger.titles.find((title) => naming(title, file, 'name'));
  if (!byName) return { unknown: `no title of the ledger names ${file.name} (sha256 ${file.sha256})` };
  const twins = files.filter((other) => same(other.name, file.name) && other.sha256 !== file.sha256);
  if (twins.length === 0) return { title: byName.id };
  return { unknown: `${twins.length + 1} files are called ${file.name}: name each by its sha256` };
}

/** Whether what the row names is said to be seen in the shot, be it for one frame. */
export const appearsIn = (
  appearance: Pick<Appearance, 'file' | 'shots'>,
  file: NamedFile,
  shot: ShotSpan,
): boolean =>
  names(appearance.file, file) &&
  (appearance.shots === 'all' || appearance.shots.some((range) => meets(range, shot)));

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
