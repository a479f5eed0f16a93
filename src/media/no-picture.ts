import { open } from 'node:fs/promises';

/** What ffmpeg opens and draws, or follows to other files, though it holds no picture itself. */

/** Demuxers that read text as if it were a film: letters drawn as on a terminal. */
const texts = /^(tty|webvtt|srt|ass|lrc|microdvd)$/;
const lists = /^(hls|concat|dash|applehttp|sdp)$/;

/** What a file of this format (ffprobe's name) is instead of a film; null: it may be one. */
export function noFilm(format: string): 'text' | 'list' | null {
  if (texts.test(format)) return 'text';
  return lists.test(format) ? 'list' : null;
}

/** Bytes looked at: no film goes so far without one that is no letter. */
const HEAD = 4096;
/** What no text holds; tabs, ends of lines and pages, and escapes of terminals it may. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells text from the rest
const noLetters = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f]/;
/** The one film format that begins with words; a flat picture may go on in bytes that are letters. */
const wordy = 'YUV4MPEG2 ';

/** Whether a file is text by its bytes, whatever its name says: ffmpeg goes by the name where the bytes say nothing. */
export async function isText(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
  try {
    // A letter may be cut at the end.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), {
      stream: true,
    });
    return text !== '' && !text.startsWith(wordy) && !noLetters.test(text);
  } catch {
    return false;
  }
}
