import { appearsIn, type Ledger, type NamedFile, sharesAt } from '../../rights/index.ts';
import { titleNaming } from '../film-named.ts';
import { type ShotRow, spanOf } from '../store.ts';
import type { Holders } from './claims.ts';

export const nobodyKnown: Holders = { title: null, owners: [], performers: [] };

/**
 * Whose a film was at a moment, by a ledger.
 * @param at when it was shown or given: who held a title then is paid for it, not who holds it since
 * @param shot the part of it; null: the whole film, so that only who is in all of it is in it for certain
 * @param files films among which its name must be the only one
 */
export function holdersOf(
  ledger: Ledger | null,
  at: string,
  film: NamedFile,
  shot: ShotRow | null,
  files: readonly NamedFile[],
): Holders {
  const title = ledger && titleNaming(ledger, film, files);
  if (!ledger || !title) return nobodyKnown;
  const seen = ledger.appearances.filter(
    (row) => row.title === title.id && row.status === 'confirmed' && isIn(row, film, shot),
  );
  return {
    title: { id: title.id, name: title.name },
    owners: sharesAt(title, at),
    performers: [...new Set(seen.map(({ party }) => party))].sort(),
  };
}

function isIn(row: Ledger['appearances'][number], film: NamedFile, shot: ShotRow | null): boolean {
  if (!shot) return row.shots === 'all' && appearsIn(row, film, wholeFilm);
  return appearsIn(row, film, spanOf(shot));
}

const wholeFilm = { in: 0, out: Number.MAX_SAFE_INTEGER, inTimecode: '', outTimecode: '' };
