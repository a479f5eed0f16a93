import { type DecodeCheck, noFilm, type ProbeFacts, type VideoFacts } from '../media/index.ts';
import type { Boxes } from './boxes.ts';
import { Refusal } from './refusal.ts';
import type { RefusalCode } from './schema.ts';

/** Demuxers that read pictures as if they were films. */
const stills = /^(image2|.*_pipe)$/;

/** What ffprobe says of a broken file, and what that means; the first that fits counts. */
const findings: { says: RegExp; code: RefusalCode; reason: (line: string) => string }[] = [
  {
    says: /moov atom not found/,
    code: 'truncated',
    reason: () => 'the index at its end (moov) is missing: copy the file again, or finish the recording',
  },
  {
    says: /no tfhd was found|could not find corresponding trex/,
    code: 'undecodable',
    reason: () =>
      'it holds fragments whose header lies in another file: join them with their initialisation segment',
  },
  {
    says: /error reading header/,
    code: 'undecodable',
    reason: (line) => `its header is damaged (${line}): restore the file from a copy`,
  },
  {
    says: /end of file|truncat|ended prematurely/i,
    code: 'truncated',
    reason: (line) => `it ends too early (${line}): copy the file again`,
  },
];

/**
 * What it means that ffprobe recognises nothing.
 * @param said ffprobe's own words; it goes by the file's name where the bytes say nothing
 */
export function refusalOfProbe(said: string, boxes: Boxes): Refusal {
  if (boxes.missingBytes > 0) return cutOff(boxes);
  const isNamedOnly = /moov atom not found/.test(said) && !boxes.areThere;
  for (const { says, code, reason } of isNamedOnly ? [] : findings) {
    const line = lineWith(said, says);
    if (line !== undefined) return new Refusal(code, reason(line));
  }
  const remedy = 'name a film, or export it to MP4, MOV, MKV or MXF';
  return new Refusal('not-a-film', `no film format is recognised in it: ${remedy}`);
}

/** What it means that ffprobe finds no picture in numbered pictures whose headers are whole. @param said its own words */
export function refusalOfPictures(said: string): Refusal {
  const [line = said] = said.split('\n');
  return new Refusal(
    'undecodable',
    `its first pictures do not decode (${line.slice(0, 200)}): restore them from a copy, or export them with red, green and blue alone`,
  );
}

/** Refuses what holds no film, by what the file declares; gives its picture otherwise. */
export function pictureOf(facts: ProbeFacts, isSequence = false): VideoFacts {
  if ((facts.isStill || stills.test(facts.format)) && !isSequence)
    throw notAFilm(
      'it is a still picture',
      'a film of pictures is a folder of eight PNG, DPX or EXR files or more, with numbers',
    );
  const other = noFilm(facts.format);
  if (other === 'text') throw notAFilm('it is text', 'name a film');
  if (other === 'list') throw notAFilm('it is a list that points to other files', 'add those files');
  if (facts.video) return facts.video;
  const sound = facts.tracks.filter((track) => track.kind === 'audio').length;
  throw new Refusal(
    'no-video',
    `it holds no picture (${sound} sound tracks): add the file that has the picture`,
  );
}

/**
 * Whether a film that decodes badly or not at all is encrypted: without its key it gives errors and noise, or nothing.
 * @param head the first bytes of the file
 */
export const isEncrypted = (boxes: Boxes, head: Buffer): boolean =>
  boxes.isEncrypted || hasMatroskaEncryption(head);

export const encrypted = (): Refusal =>
  new Refusal('encrypted', 'its picture is encrypted: add a copy without copy protection');

/** What it means that not one frame decodes. */
export function refusalOfDecode(video: VideoFacts, check: DecodeCheck, boxes: Boxes): Refusal {
  if (boxes.missingBytes > 0) return cutOff(boxes);
  if (!video.known || check.messages.some((text) => /decoder .*not found/i.test(text))) {
    const remedy = 'export it to ProRes, DNxHR or H.264';
    return new Refusal('unsupported-codec', `this ffmpeg has no decoder for ${video.codec}: ${remedy}`);
  }
  if (check.messages.length === 0 || video.width === 0) {
    return new Refusal('truncated', 'it announces a picture but holds no whole frame: copy the file again');
  }
  const said = check.messages[0] ?? 'the decoder gives no reason';
  return new Refusal('undecodable', `not one frame decodes (${said}): restore the file from a copy`);
}

const cutOff = ({ missingBytes }: Boxes): Refusal =>
  new Refusal('truncated', `its last ${missingBytes} bytes are missing: copy the file again`);

/** EBML's mark, and ContentEncodingType (0x5033) of 1, which is encryption (Matroska, RFC 9559). */
const hasMatroskaEncryption = (head: Buffer): boolean =>
  head.subarray(0, 4).equals(Buffer.from([0x1a, 0x45, 0xdf, 0xa3])) &&
  head.includes(Buffer.from([0x50, 0x33, 0x81, 0x01]));

const notAFilm = (found: string, remedy: string): Refusal => new Refusal('not-a-film', `${found}: ${remedy}`);

/** The line of ffmpeg's words that matches, without addresses in memory. */
const lineWith = (text: string, pattern: RegExp): string | undefined =>
  text
    .split('\n')
    .find((line) => pattern.test(line))
    ?.replace(/ @ 0x[0-9a-f]+/g, '')
    .replace(/^exit status \d+: /, '')
    .trim();
