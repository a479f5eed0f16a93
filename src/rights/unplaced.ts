import { appearsIn, type NamedFile, names, type ShotSpan } from './match.ts';
import type { Appearance, Ledger, Material, Reason } from './schema.ts';

export type Placed = Pick<Appearance | Material, 'title' | 'file' | 'shots'>;
type Rows = Pick<Ledger, 'appearances' | 'materials'>;

/**
 * Rows that say of a film of a title where somebody or something is seen, and name a place that the film does not have: whoever that
 * is may be anywhere in it (ADR 0106).
 * @param film from the first of the film's shots to the last
 */
export function unplacedIn(rows: Rows, title: string, file: NamedFile, film: ShotSpan): Reason[] {
  const isOf = (row: Placed) => row.title === title && Array.isArray(row.shots) && names(row.file, file);
  const beyond = (row: string, who: string, placed: Placed) => reasonsFor(row, who, placed, file, film);
  return [
    ...rows.appearances.filter(isOf).flatMap((row) => beyond(`appearances/${row.id}`, row.party, row)),
    ...rows.materials
      .filter(isOf)
      .flatMap((row) => beyond(`materials/${row.id}`, `${row.kind} of others`, row)),
  ];
}

function reasonsFor(row: string, who: string, placed: Placed, file: NamedFile, film: ShotSpan): Reason[] {
  const ranges = Array.isArray(placed.shots) ? placed.shots : [];
  const missed = ranges.filter((range) => !appearsIn({ file: placed.file, shots: [range] }, file, film));
  if (missed.length === 0) return [];
  const where = missed.map((range) => `${range.in} to ${range.out}`).join(', ');
  const shots = `its shots are frames ${film.in} to ${film.out}, ${film.inTimecode} to ${film.outTimecode}`;
  const message = `${who} is said to be seen in ${file.name} at ${where}, where it has no shot (${shots})`;
  return [{ rule: 'unplaced', row, message }];
}
