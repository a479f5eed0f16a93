import type { Cue } from './subtitles.ts';

/** Bytes of the head (General Subtitle Information) and of each block of text (EBU Tech 3264-E). */
const [headBytes, blockBytes] = [1024, 128];
/** Where text lies in a block; rows part by 8A, what is left is filled with 8F. */
const textAt = 16;
const [newRow, filling] = [0x8a, 0x8f];
/** Extension block numbers: the last block of a subtitle, and one that holds data of some program's. */
const [lastBlock, userData] = [0xff, 0xfe];

/** Letters by the head's character code table, other than Latin's. */
const tables: Record<string, string> = {
  ...{ '01': 'iso-8859-5', '02': 'iso-8859-6', '03': 'iso-8859-7', '04': 'iso-8859-8' },
};

/**
 * Reads EBU STL, the subtitle exchange format of broadcasters. Labels are read as a clock's, at 25 or 30 frames a second as the head says.
 * Comments, cumulative states but the last, colours and boxes are left out.
 * @throws Error where it is not of the format, or its letters are of a table that the standard does not have
 */
export function parseEbuStl(bytes: Buffer): Cue[] {
  const rate = Number(/^STL(25|30)\.01$/.exec(bytes.toString('latin1', 3, 11))?.[1]);
  if (!rate) throw new Error('its head does not say STL25.01 or STL30.01 (EBU Tech 3264)');
  const table = bytes.toString('latin1', 12, 14);
  const read = readerOf(table);
  if (!read) throw new Error(`its letters are of table ${JSON.stringify(table)}; 00 to 04 are read`);
  const cues: Cue[] = [];
  let parts: Buffer[] = [];
  for (let at = headBytes; at + blockBytes <= bytes.length; at += blockBytes) {
    const block = bytes.subarray(at, at + blockBytes);
    const [extension, isComment] = [block[3], block[15] === 1];
    if (extension === userData || isComment) continue;
    parts.push(block.subarray(textAt));
    if (extension !== lastBlock) continue;
    const text = wordsOf(Buffer.concat(parts), read);
    parts = [];
    const [startSeconds, endSeconds] = [secondsAt(block, 5, rate), secondsAt(block, 9, rate)];
    if (text !== '') cues.push({ startSeconds, endSeconds, text });
  }
  return cues;
}

function secondsAt(block: Buffer, at: number, rate: number): number {
  const [hours, minutes, seconds, frames] = block.subarray(at, at + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  return hours * 3600 + minutes * 60 + seconds + frames / rate;
}

/** Control codes (italics, colours of teletext, boxes, rows) part words. */
function wordsOf(field: Buffer, read: (bytes: Buffer) => string): string {
  const letters = field.filter((code) => code !== filling).map((code) => (isControl(code) ? 0x20 : code));
  return read(Buffer.from(letters)).replace(/\s+/g, ' ').trim();
}

const isControl = (code: number): boolean => code < 0x20 || code === newRow || (code >= 0x80 && code < 0xa0);

function readerOf(table: string): ((bytes: Buffer) => string) | null {
  if (table === '00') return latin;
  const encoding = tables[table];
  return encoding ? (bytes) => new TextDecoder(encoding).decode(bytes) : null;
}

/** ISO 6937 from A0 on, its accents aside; a space where it has no letter. */
const upper = `${' ¡¢£$¥ §¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿'.padEnd(48)}—¹®©™♪¬¦    ⅛⅜⅝⅞ΩÆĐªĦ ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ `;
/** Accents, which come before their letter, from C1 on, as Unicode has them, after it. */
const accents = '\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0000\u030a\u0327\u0000\u030b\u0328\u030c';

function latin(bytes: Buffer): string {
  let text = '';
  let accent = '';
  for (const code of bytes) {
    const mark = accents[code - 0xc1];
    if (mark) {
      accent = mark === '\0' ? '' : mark;
      continue;
    }
    text += (code < 0x80 ? String.fromCharCode(code) : upper[code - 0xa0]) + accent;
    accent = '';
  }
  return text.normalize('NFC');
}
