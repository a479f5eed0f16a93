import {
  type Appearance,
  appearsIn,
  type Ledger,
  type NamedFile,
  plainName,
  sharesAt,
} from '../../rights/index.ts';
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
  const seen = confirmedIn(ledger, title.id, film).filter((row) => isIn(row, film, shot));
  return {
    title: { id: title.id, name: title.name },
    owners: sharesAt(title, at),
    performers: [...new Set(seen.map(({ party }) => party))].sort(),
  };
}

type Seen = Pick<Appearance, 'title' | 'file'>;

/** Who a ledger confirms, by title and name of the film: asked of each shot of a training, and of each take that was given a film. */
const confirmed = new WeakMap<Ledger, ReadonlyMap<string, Appearance[]>>();

const placeOf = ({ title, file }: Seen): string => JSON.stringify([title, plainName(file)]);

function confirmedIn(ledger: Ledger, title: string, { name, sha256, also = [] }: NamedFile): Appearance[] {
  const rows =
    confirmed.get(ledger) ??
    Map.groupBy(
      ledger.appearances.filter(({ status }) => status === 'confirmed'),
      placeOf,
    );
  confirmed.set(ledger, rows);
  const places = new Set([sha256, name, ...also].map((file) => placeOf({ title, file })));
  return [...places].flatMap((place) => rows.get(place) ?? []);
}

function isIn(row: Appearance, film: NamedFile, shot: ShotRow | null): boolean {
  if (!shot) return row.shots === 'all' && appearsIn(row, film, wholeFilm);
  return appearsIn(row, film, spanOf(shot));
}

const wholeFilm = { in: 0, out: Number.MAX_SAFE_INTEGER, inTimecode: '', outTimecode: '' };
