import type { DecodeCheck, ProbeFacts, VideoFacts } from '../media/index.ts';
import { Refusal } from './refusal.ts';

/** Boxes that an MP4 or QuickTime file starts with (ISO 14496-12; the last four are QuickTime's own). */
const startBoxes = new Set(['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'uuid']);

/** Demuxers that read text or pictures as if they were films, and lists that point to other files. */
const stills = /^(image2|.*_pipe)$/;
const texts = /^(tty|webvtt|srt|ass|lrc|microdvd)$/;
const lists = /^(hls|concat|dash|applehttp|sdp)$/;

/**
 * What it means that ffprobe recognises nothing.
 * @param said ffprobe's own words
 * @param head the first bytes of the file
 */
export function refusalOfProbe(said: string, head: Buffer): Refusal {
  const hasBoxes = startBoxes.has(head.toString('latin1', 4, 8));
  if (/moov atom not found/.test(said) && hasBoxes) {
    return new Refusal(
      'truncated',
      'the index at its end (moov) is missing: copy the file again, or finish the recording',
    );
  }
  if (/no tfhd was found|could not find corresponding trex/.test(said)) {
    return new Refusal(
      'undecodable',
      'it holds fragments whose header lies in another file: join them with their initialisation segment',
    );
  }
  const header = lineWith(said, /error reading header/);
  if (header) {
    return new Refusal('undecodable', `its header is damaged (${header}): restore the file from a copy`);
  }
  const early = lineWith(said, /end of file|truncat|ended prematurely/i);
  if (early) {
    return new Refusal('truncated', `it ends too early (${early}): copy the file again`);
  }
  return new Refusal(
    'not-a-film',
    'no film format is recognised in it: name a film, or export it to MP4, MOV, MKV or MXF',
  );
}

/** Refuses what holds no film, by what the file declares; gives its picture otherwise. */
export function pictureOf(facts: ProbeFacts): VideoFacts {
  if (stills.test(facts.format))
    throw notAFilm('it is a still picture', 'join a sequence of pictures into a film first');
  if (texts.test(facts.format)) throw notAFilm('it is text', 'name a film');
  if (lists.test(facts.format)) throw notAFilm('it is a list that points to other files', 'add those files');
  if (facts.video) return facts.video;
  const sound = facts.tracks.filter((track) => track.kind === 'audio').length;
  throw new Refusal(
    'no-video',
    `it holds no picture (${sound} sound tracks): add the file that has the picture`,
  );
}

/** What it means that not one frame decodes. */
export function refusalOfDecode(
  facts: ProbeFacts,
  video: VideoFacts,
  check: DecodeCheck,
  head: Buffer,
): Refusal {
  const first = check.messages[0] ?? 'the decoder gives no reason';
  if (facts.encrypted || hasMatroskaEncryption(facts.format, head)) {
    return new Refusal('encrypted', 'its picture is encrypted: add a copy without copy protection');
  }
  if (!video.known || check.messages.some((text) => /decoder .*not found|Decoder \(codec/i.test(text))) {
    return new Refusal(
      'unsupported-codec',
      `this ffmpeg has no decoder for ${video.codec}: export it to ProRes, DNxHR or H.264`,
    );
  }
  if (check.messages.length === 0 || video.width === 0) {
    return new Refusal('truncated', 'it announces a picture but holds no whole frame: copy the file again');
  }
  return new Refusal('undecodable', `not one frame decodes (${first}): restore the file from a copy`);
}

/** ContentEncodingType (0x5033) of 1 is encryption; ffprobe does not report it (Matroska, RFC 9559). */
function hasMatroskaEncryption(format: string, head: Buffer): boolean {
  return format.startsWith('matroska') && head.includes(Buffer.from([0x50, 0x33, 0x81, 0x01]));
}

const notAFilm = (found: string, remedy: string): Refusal => new Refusal('not-a-film', `${found}: ${remedy}`);

/** The line of ffmpeg's words that matches, without addresses in memory. */
const lineWith = (text: string, pattern: RegExp): string | undefined =>
  text
    .split('\n')
    .find((line) => pattern.test(line))
    ?.replace(/ @ 0x[0-9a-f]+/g, '')
    .replace(/^exit status \d+: /, '')
    .trim();
