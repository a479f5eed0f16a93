import type { TextFacts, TextLine } from './schema.ts';

/** A line as it was read in one frame. */
export type ReadLine = Omit<TextLine, 'frames'>;

/** Doubtful readings are leaves and clouds taken for letters: real lines have more, and more than one letter or digit. */
const sure = 0.8;
const fewestLetters = 2;

/** Lines of one frame that make it credits. */
const creditLines = 2;

/** `Ann-Marie O'Neil`, `J. R. Brown`, `ANN LEE`: two to four words, each with a capital, no digits. */
const name = /^\p{Lu}[\p{L}.'’-]*( \p{Lu}[\p{L}.'’-]*){1,3}$/u;

/** What the frames looked at say of a shot. @param frames the lines of each */
export function textFacts(frames: readonly (readonly ReadLine[])[]): TextFacts {
  const read = frames.map((lines) => lines.filter(isText));
  const covered = read.flat().reduce((sum, { box }) => sum + areaOf(box), 0) / Math.max(1, frames.length);
  const credits = read.filter((lines) => lines.length >= creditLines).flat();
  return {
    frames: frames.length,
    share: rounded(read.filter((lines) => lines.length > 0).length / Math.max(1, frames.length)),
    covered: rounded(Math.min(1, covered)),
    lines: together(read),
    names: [...new Set(credits.map(({ text }) => text).filter((text) => name.test(text)))],
  };
}

const isText = ({ text, confidence }: ReadLine): boolean =>
  confidence >= sure && (text.match(/[\p{L}\p{N}]/gu) ?? []).length >= fewestLetters;

const areaOf = ([left, top, right, bottom]: TextLine['box']): number => (right - left) * (bottom - top);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** The same words in several frames are one line: the surest reading of it. */
function together(read: readonly (readonly ReadLine[])[]): TextLine[] {
  const groups = Map.groupBy(
    read.flatMap((lines, frame) => lines.map((line) => ({ line, frame }))),
    ({ line }) => line.text.toLowerCase(),
  );
  return [...groups.values()].map((same) => {
    const { line } = same.reduce((best, one) => (one.line.confidence > best.line.confidence ? one : best));
    const box = line.box.map(rounded) as TextLine['box'];
    return {
      ...line,
      box,
      confidence: rounded(line.confidence),
      frames: new Set(same.map(({ frame }) => frame)).size,
    };
  });
}
