import { isWrittenOver, type Shot } from '../shots/index.ts';
import type { FoundShot } from './schema.ts';

/** How much text a shot shows, in a word; null where nobody looked. */
export function writingOf(text: Shot['facts']['text']): FoundShot['text'] {
  if (text === undefined) return null;
  if (text.names.length > 0) return 'credits';
  if (isWrittenOver(text)) return 'throughout';
  return text.share > 0 ? 'some' : 'none';
}
