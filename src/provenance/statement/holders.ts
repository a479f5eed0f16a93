import { basename } from 'node:path';
import { appearsIn, type Ledger, matchTitle, sharesAt } from '../../rights/index.ts';
import type { FileRow, ShotRow } from '../store.ts';
import type { Holders } from './claims.ts';

interface Named {
  name: string;
  sha256: string;
}

export const namedOf = ({ path, sha256 }: Pick<FileRow, 'path' | 'sha256'>): Named => ({
  name: basename(path),
  sha256,
});

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
  film: Named,
  shot: ShotRow | null,
  files: readonly Named[],
): Holders {
  const match = ledger && matchTitle(ledger, film, files);
  const title = match && 'title' in match ? ledger.titles.find(({ id }) => id === match.title) : undefined;
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

function isIn(row: Ledger['appearances'][number], film: Named, shot: ShotRow | null): boolean {
  if (!shot) return row.shots === 'all' && appearsIn(row, film, wholeFilm);
  const { inFrame, outFrame, inTimecode, outTimecode } = shot;
  return appearsIn(row, film, { in: inFrame, out: outFrame, inTimecode, outTimecode });
}

const wholeFilm = { in: 0, out: Number.MAX_SAFE_INTEGER, inTimecode: '', outTimecode: '' };
