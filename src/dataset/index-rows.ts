import type { CatalogFile } from '../catalog/index.ts';
import { parseRate } from '../media/index.ts';
import { plainKey, wordsIn } from '../rights/index.ts';
import { lightOf, type Shot } from '../shots/index.ts';
import { type CaptionShot, captionOf, type FileWords, mostOverlapping, spokenIn } from './captions.ts';
import type { FoundShot } from './schema.ts';
import { writingOf } from './writing.ts';

/** A shot as it is looked up. @param span its place, in frames and seconds, and what was measured of it in words */
export function indexedShot(file: CatalogFile, shot: Shot, span: CaptionShot, words: FileWords): FoundShot {
  const { num, den } = parseRate(file.fps);
  const { characters, ...said } = mostOverlapping(span, words.shotList)?.fields ?? {};
  const { caption, captionSource, scene } = captionOf(span, words);
  return {
    ...{ id: shot.id, fileId: file.id, in: shot.in, out: shot.out, inTimecode: shot.inTimecode },
    seconds: ((shot.out - shot.in) * den) / num,
    title: file.titleName,
    characters: namesIn(characters ?? ''),
    // What nobody said of the camera is what was measured.
    ...{ set: null, action: null, camera: shot.facts.camera?.move ?? null, time: null, ...said },
    light: lightOf(shot.facts.luma),
    ...{ scene, caption, source: captionSource, spoken: spokenIn(span, words.subtitles) },
    ...textFound(shot.facts),
    speech: speechFound(shot.facts),
  };
}

/** What was read in its picture. */
const textFound = ({ text }: Shot['facts']): Pick<FoundShot, 'text' | 'read' | 'credited'> => ({
  text: writingOf(text),
  read: (text?.lines ?? []).map((line) => line.text).join(' / '),
  credited: text?.names ?? [],
});

const speechFound = ({ speech }: Shot['facts']): FoundShot['speech'] =>
  speech == null ? null : speech > 0 ? 'with' : 'without';

/** `Brinka, Tollo and Ann Lee`: three names. */
export const namesIn = (text: string): string[] => [
  ...new Map(
    text
      .split(/\s*[,;/&+|]\s*|\s+and\s+/i)
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => [keyOf(name), name]),
  ).values(),
];

/** Values that differ in case, accents or spaces alone are one. */
export const keyOf = (value: string): string => tokens(value).join(' ') || value.toLowerCase();

/** Words as names are compared: in lower case, without accents and signs that nobody sees, ß as ss. */
export const tokens = (text: string): string[] => wordsIn(plainKey(text)).filter((word) => word !== '');

/**
 * Everything by which a shot is found but its fields: plain words of what is said of it and read in it, and names. A
 * name is found whole and by each word of it, so that half of one name and half of another are no name.
 * @param stem a word's stem
 */
export function wordsToFind(shot: FoundShot, stem: (word: string) => string): string[] {
  const stems = (text: string) => tokens(text).map(stem);
  const named = (field: string, names: readonly string[]) =>
    names.flatMap((name) => [stems(name).join(' '), ...stems(name)]).map((name) => `${field}=${name}`);
  const said = [shot.caption, shot.spoken, shot.title, shot.scene, shot.read, ...shot.characters];
  const words = [...said, shot.set, shot.action, shot.camera, shot.time].flatMap((text) => stems(text ?? ''));
  const read = stems(shot.read).map((word) => `read=${word}`);
  const names = [...named('character', shot.characters), ...named('credited', shot.credited)];
  return [...new Set([...words, ...read, ...names])];
}
