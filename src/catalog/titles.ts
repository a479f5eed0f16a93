import { createHash } from 'node:crypto';
import { idOf, slugOf } from '../contract/index.ts';

export interface TitleRow {
  id: string;
  name: string;
  unmapped: boolean;
}

/**
 * The title that a name means: the one that has this name, or a new one. Names that differ but give the same slug
 * ("A-B", "A B") stay apart.
 * @param withSlug the title whose id is the name's slug, if there is one
 */
export function namedTitle(name: string, withSlug: TitleRow | null): TitleRow {
  const slug = slugOf(name);
  const taken = withSlug !== null && withSlug.name !== name;
  return { id: idOf('ttl', taken ? `${slug}-${digest(name)}` : slug), name, unmapped: false };
}

/**
 * A title of its own for a file that nobody mapped, named after the file. Its id comes from the file's content alone: which of
 * several films of one name came first must change no digest.
 */
export function ownTitle(name: string, sha256: string): TitleRow {
  return { id: idOf('ttl', `${slugOf(name)}-${sha256.slice(0, 6)}`), name, unmapped: true };
}

/** `reel 2 of Popeye`, `reels 2 to 4 of Popeye`. */
export const reelsInWords = ([from, to]: readonly [number, number], title: string): string =>
  from === to ? `reel ${from} of ${title}` : `reels ${from} to ${to} of ${title}`;

/** Numbers that several reels of a title have: nobody knows which comes first. */
export const sharedReels = (reels: readonly number[]): number[] => [
  ...new Set(reels.filter((reel, i) => reels.indexOf(reel) < i)),
];

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);
