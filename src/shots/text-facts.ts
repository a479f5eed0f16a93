import type { TextFacts, TextLine } from './schema.ts';

/** A line as it was read in one frame. */
export type ReadLine = Omit<TextLine, 'frames'>;

/** Doubtful readings are leaves and clouds taken for letters: real lines have more, and more than one letter or digit. */
const sure = 0.8;
const fewestLetters = 2;

/** Lines of one frame that make it credits, whatever they say. */
const creditLines = 2;

/** `Ann-Marie O'Neil`, `J. R. Brown`, `ANN LEE`: two to four words, each with a capital, no digits. */
const name = /^\p{Lu}[\p{L}.'’-]*( \p{Lu}[\p{L}.'’-]*){1,3}$/u;

/** `Directed by Anna Example`: what somebody did and the name on one line. Before the name stands a word for work, not any `by`. */
const role =
  /^.*\b(directed|written|produced|edited|music|story|screenplay|photographed|photography|cinematography|animated|animation|narrated|composed|designed|costumes|adapted)( \p{L}+)* by /iu;

/** Names that lines of a frame give, those without a word for their work where they stand among others. */
function namesIn(lines: readonly ReadLine[]): string[] {
  const texts = lines.map(({ text }) => text);
  const told = lines.length >= creditLines ? texts : texts.filter((text) => role.test(text));
  return told.map((text) => text.replace(role, '')).filter((text) => name.test(text));
}

/** What the frames looked at say of a shot. @param frames the lines of each */
export function textFacts(frames: readonly (readonly ReadLine[])[]): TextFacts {
  const read = frames.map((lines) => lines.filter(isText));
  const covered = read.flat().reduce((sum, { box }) => sum + areaOf(box), 0) / Math.max(1, frames.length);
  return {
    frames: frames.length,
    share: rounded(read.filter((lines) => lines.length > 0).length / Math.max(1, frames.length)),
    covered: rounded(Math.min(1, covered)),
    lines: together(read),
    names: [...new Set(read.flatMap(namesIn))],
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
