import type { ShotFacts, ShotMark } from './schema.ts';

/** The limits by which shots are marked, and by which a dataset leaves clips and shots out under the same words. */

/**
 * Standard deviation of luma over a picture, in grey levels, under which it shows nothing: of 163 shots of seven real and seven
 * drawn films the six black ones have 0, dim letters on black 3.8 and more (`docs/LOG.md`).
 */
export const flatBelow = 3;

/** Mean luma under which what shows nothing is black: 16 is the black of video of which the range was not told. */
export const blackBelow = 20;

/** Mean change from frame to frame, in grey levels, under which a shot is a still picture: films that move have .3 and more. */
const stillBelow = 0.05;

/**
 * Blur above which nothing in a shot is sharp: of 180 frames of seven real and two drawn films none has more than .65, softened by
 * a 60th of their height they have .70 to .77 at the median of each film (`docs/LOG.md`).
 */
const blurredAbove = 0.66;

/** Frames looked at that must show text, two of three, and the part of the picture that it must take: a sign far away is no harm. */
const writtenShare = 0.6;
const writtenOver = 0.005;

/** What is told of a shot that shows nothing; null where it shows something. */
export function nothingIn({ luma, contrast }: { luma: number; contrast: number }): 'black' | 'flat' | null {
  if (contrast >= flatBelow) return null;
  return luma < blackBelow ? 'black' : 'flat';
}

export const isWrittenOver = (text: Pick<NonNullable<ShotFacts['text']>, 'share' | 'covered'>): boolean =>
  text.share >= writtenShare && text.covered >= writtenOver;

/** What a shot's facts say of it. What was not measured or read is not said. */
export function marksOf(facts: ShotFacts): ShotMark[] {
  const { luma, contrast, motion, blur, text } = facts;
  const nothing = contrast === undefined ? null : nothingIn({ luma, contrast });
  const holds: readonly (readonly [ShotMark, boolean])[] = [
    ['black', nothing === 'black'],
    ['flat', nothing === 'flat'],
    ['frozen', motion < stillBelow],
    ['blurred', (blur ?? 0) > blurredAbove],
    ['credits', (text?.names.length ?? 0) > 0],
    ['burnt_in_text', text !== undefined && isWrittenOver(text)],
  ];
  return holds.flatMap(([mark, is]) => (is ? [mark] : []));
}
