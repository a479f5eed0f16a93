/** The text of a file that other programs wrote. `guessed`: nothing in the bytes says how they are to be read. */
export interface WrittenText {
  text: string;
  guessed: boolean;
}

/** Bytes that are looked at for the zeros of UTF-16. */
const looked = 1000;
/** Share of zeros among every second byte from which on text is UTF-16: that of Latin letters has nearly only zeros there. */
const mostly = 0.5;

/**
 * Reads UTF-8 and UTF-16, with or without a byte order mark; what is neither as Windows-1252, in which older programs of
 * western Europe and America wrote subtitles and tables. A file in another old encoding comes out in wrong letters.
 */
export function textIn(bytes: Buffer): WrittenText {
  const wide = wideOf(bytes);
  if (wide) return { text: new TextDecoder(wide).decode(bytes), guessed: false };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), guessed: false };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), guessed: true };
  }
}

function wideOf(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  const mark = bytes.subarray(0, 2).toString('latin1');
  if (mark === '\xff\xfe' || zerosFrom(bytes, 1) > mostly) return 'utf-16le';
  return mark === '\xfe\xff' || zerosFrom(bytes, 0) > mostly ? 'utf-16be' : null;
}

/** Share of zeros among every second byte. */
function zerosFrom(bytes: Buffer, start: 0 | 1): number {
  const own = bytes.subarray(0, looked).filter((_, i) => i % 2 === start);
  return own.filter((value) => value === 0).length / Math.max(1, own.length);
}
