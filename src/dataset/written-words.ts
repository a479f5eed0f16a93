import type { Db } from '../db/index.ts';
import { type NewestCaption, newestCaptions } from './caption-store.ts';
import type { FileWords, FrameNote } from './captions.ts';

interface Place {
  id: string;
  in: number;
  out: number;
}

/** The newest words that people and models wrote of a file's shots, at their places. */
export async function writtenWords(
  db: Db,
  file: string,
  shots: readonly Place[],
): Promise<Pick<FileWords, 'person' | 'model'>> {
  const newest = await newestCaptions(db, file);
  const places = new Map(shots.map((shot) => [shot.id, shot]));
  const by = (source: NewestCaption['source']) =>
    newest.filter((row) => row.source === source).flatMap((row) => noteAt(places.get(row.shot), row.caption));
  return { person: by('person'), model: by('model') };
}

const noteAt = (place: Place | undefined, text: string): FrameNote[] =>
  place ? [{ in: place.in, out: place.out, text, scene: '' }] : [];
