import type { Shot } from '../shots/index.ts';
import type { FoundShot } from './schema.ts';

type Text = Pick<NonNullable<Shot['facts']['text']>, 'share' | 'covered'>;

/** Frames looked at that must show text, two of three, and the part of the picture that it must take: a sign far away is no harm. */
const writtenShare = 0.6;
const writtenOver = 0.005;

/** Whether text stands in the picture throughout: credits, burnt-in subtitles and time codes. */
export const isWrittenOver = (text: Text | undefined): boolean =>
  text !== undefined && text.share >= writtenShare && text.covered >= writtenOver;

/** How much text a shot shows, in a word; null where nobody looked. */
export function writingOf(text: Shot['facts']['text']): FoundShot['text'] {
  if (text === undefined) return null;
  if (text.names.length > 0) return 'credits';
  if (isWrittenOver(text)) return 'throughout';
  return text.share > 0 ? 'some' : 'none';
}
