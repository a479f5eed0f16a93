import { BacklotError } from '../contract/index.ts';
import { type RawProbe, type RawStream, rawProbeSchema } from './probe-json.ts';
import { formatRate, tryParseRate } from './rate.ts';
import { runFfprobe } from './run.ts';
import { inputArguments } from './sequence.ts';
import { readTimecodeTag } from './timecode.ts';

/** A sound or subtitle track. `language` is what the file says (ISO 639), null where it says nothing. */
export interface TrackFacts {
  kind: 'audio' | 'subtitle';
  codec: string;
  language: string | null;
  title: string | null;
  channels: number | null;
}

/** The picture that Backlot works with: the first video stream that is not cover art. */
export interface VideoFacts {
  codec: string;
  profile: string | null;
  /** False where this ffmpeg has no decoder for the codec's name or tag. */
  known: boolean;
  pixelFormat: string | null;
  bitDepth: number | null;
  /** Pixels of the decoded picture, after `rotation` was applied. */
  width: number;
  height: number;
  /** Degrees clockwise by which ffmpeg turns the stored picture upright; every function here applies it. */
  rotation: 0 | 90 | 180 | 270;
  /** Width of a pixel to its height, after rotation; `1:1` where the file says nothing. */
  sampleAspect: string;
  fieldOrder: 'progressive' | 'top-first' | 'bottom-first' | 'unknown';
  colorMatrix: string | null;
  colorTransfer: string | null;
  colorPrimaries: string | null;
  colorRange: string | null;
  hdr: 'pq' | 'hlg' | 'dolby-vision' | null;
  timeBase: string;
  /** What the file declares, `24000/1001`; null where it declares nothing. */
  averageRate: string | null;
  baseRate: string | null;
  declaredFrames: number | null;
  declaredSeconds: number | null;
}

/** What decoding asks of them. */
export type PictureFacts = Pick<
  VideoFacts,
  'codec' | 'width' | 'height' | 'pixelFormat' | 'hdr' | 'colorMatrix' | 'colorPrimaries' | 'colorTransfer'
>;

export interface ProbeFacts {
  format: string;
  /** A photograph in a container that films have too: AVIF, HEIC. */
  isStill: boolean;
  /** What the container declares, tracks of sound and subtitles included. */
  declaredSeconds: number | null;
  video: VideoFacts | null;
  /** Video streams that Backlot leaves aside, cover art included. */
  otherVideoStreams: number;
  tracks: TrackFacts[];
  startTimecode: string | null;
  dropFrame: boolean;
  /** A start timecode that is none: `25:00:00:00`. */
  unreadTimecode: string | null;
}

/**
 * Reads what a file declares about itself; decodes nothing.
 * @throws BacklotError `ffprobe-failed` where no container or stream is recognised
 */
export async function probe(path: string, signal?: AbortSignal): Promise<ProbeFacts> {
  const text = await runFfprobe(await probeArguments(path), signal);
  const parsed = rawProbeSchema.safeParse(JSON.parse(text));
  if (parsed.success) return probeFacts(parsed.data);
  throw new BacklotError('ffprobe-failed', {
    expected: 'a container with streams',
    where: path,
    found: parsed.error.message,
    remedy: 'Check that the file plays elsewhere, or export it again.',
  });
}

/** Only local files are opened, also where the file is a playlist that names others. */
export const localOnly = ['-protocol_whitelist', 'file,pipe'] as const;

const probeArguments = async (path: string): Promise<string[]> => [
  ...['-v', 'error', ...localOnly, '-of', 'json', '-show_format', '-show_streams'],
  ...(await inputArguments(path)),
];

function probeFacts(raw: RawProbe): ProbeFacts {
  const videos = raw.streams.filter((stream) => stream.codec_type === 'video');
  const main = videos.find((stream) => !isPicture(stream));
  const written = timecodeTag(raw, main);
  const timecode = readTimecodeTag(written);
  return {
    format: raw.format.format_name ?? 'unknown',
    isStill: photographs.includes(raw.format.tags.major_brand ?? ''),
    declaredSeconds: seconds(raw.format.duration),
    video: main ? videoFacts(main) : null,
    otherVideoStreams: videos.length - (main ? 1 : 0),
    tracks: raw.streams.flatMap(trackFacts),
    startTimecode: timecode?.text ?? null,
    dropFrame: timecode?.dropFrame ?? false,
    unreadTimecode: timecode ? null : (written ?? null),
  };
}

/** Brands of files of single pictures (ISO 23008-12, AVIF); those of moving ones are others. */
const photographs = ['mif1', 'heic', 'heix', 'heim', 'heis', 'avif', 'jpeg'];

const isPicture = (stream: RawStream): boolean =>
  stream.disposition.attached_pic === 1 || stream.disposition.timed_thumbnails === 1;

/** The picture's own tag first, then a timecode track, then the container's; Matroska writes tags in capitals. */
function timecodeTag(raw: RawProbe, main: RawStream | undefined): string | undefined {
  const tracks = raw.streams.filter((stream) => stream.codec_tag_string === 'tmcd');
  return [main, ...tracks, raw.format]
    .map((part) => part?.tags.timecode ?? part?.tags.TIMECODE)
    .find(Boolean);
}

function trackFacts(stream: RawStream): TrackFacts[] {
  const kind = stream.codec_type;
  if (kind !== 'audio' && kind !== 'subtitle') return [];
  const { language, title } = stream.tags;
  return [
    {
      kind,
      codec: stream.codec_name ?? 'unknown',
      language: language && language !== 'und' ? language : null,
      title: title ?? null,
      channels: stream.channels ?? null,
    },
  ];
}

function videoFacts(stream: RawStream): VideoFacts {
  return {
    ...geometry(stream),
    ...color(stream),
    codec: stream.codec_name ?? 'unknown',
    profile: stream.profile ?? null,
    known: (stream.codec_name ?? 'none') !== 'none' && stream.codec_name !== 'unknown',
    fieldOrder: fieldOrder(stream.field_order),
    timeBase: stream.time_base,
    averageRate: rateText(stream.avg_frame_rate),
    baseRate: rateText(stream.r_frame_rate),
    declaredFrames: stream.nb_frames ? Number(stream.nb_frames) : null,
    declaredSeconds: seconds(stream.duration) ?? clockSeconds(stream.tags.DURATION),
  };
}

function geometry(stream: RawStream) {
  const rotation = clockwise(stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation);
  const [width, height] = [stream.width ?? 0, stream.height ?? 0];
  const aspect = tryParseRate(stream.sample_aspect_ratio) ?? { num: 1, den: 1 };
  const turned = rotation === 90 || rotation === 270;
  return {
    rotation,
    width: turned ? height : width,
    height: turned ? width : height,
    sampleAspect: turned ? `${aspect.den}:${aspect.num}` : `${aspect.num}:${aspect.den}`,
  };
}

/** ffprobe counts anticlockwise, -180..180; other angles than quarter turns are left as they lie. */
function clockwise(rotation: number | undefined): VideoFacts['rotation'] {
  const degrees = (((-Math.round(rotation ?? 0) % 360) + 360) % 360) as VideoFacts['rotation'];
  return [90, 180, 270].includes(degrees) ? degrees : 0;
}

function color(stream: RawStream) {
  return {
    pixelFormat: stream.pix_fmt ?? null,
    bitDepth: bitDepth(stream),
    colorMatrix: named(stream.color_space),
    colorTransfer: named(stream.color_transfer),
    colorPrimaries: named(stream.color_primaries),
    colorRange: named(stream.color_range),
    hdr: hdr(stream),
  };
}

const named = (value: string | undefined): string | null => (value && value !== 'unknown' ? value : null);

function bitDepth(stream: RawStream): number | null {
  const format = stream.pix_fmt?.replace(/(le|be)$/, '');
  if (format === undefined) return null;
  const raw = Number(stream.bits_per_raw_sample);
  const digits = /(?<!^nv)(9|10|12|14|16)$|f(32)$/.exec(format);
  if (digits) return Number(digits[1] ?? digits[2]);
  // JPEG 2000 of 10 or 12 bits comes out as these.
  if (/(rgb|bgr)48$|(rgb|bgr)a64$/.test(format)) return raw > 8 && raw < 16 ? raw : 16;
  return raw || 8;
}

function hdr(stream: RawStream): VideoFacts['hdr'] {
  if (stream.side_data_list.some((data) => data.side_data_type?.startsWith('DOVI'))) return 'dolby-vision';
  if (stream.color_transfer === 'smpte2084') return 'pq';
  return stream.color_transfer === 'arib-std-b67' ? 'hlg' : null;
}

function fieldOrder(order: string | undefined): VideoFacts['fieldOrder'] {
  if (order === 'progressive') return 'progressive';
  if (order === 'tt' || order === 'tb') return 'top-first';
  return order === 'bb' || order === 'bt' ? 'bottom-first' : 'unknown';
}

function rateText(text: string | undefined): string | null {
  const rate = tryParseRate(text);
  return rate && formatRate(rate);
}

function seconds(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) ? value : null;
}

/** Matroska's own `00:01:00.060000000`. */
function clockSeconds(text: string | undefined): number | null {
  const parts = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text ?? '');
  return parts ? Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3]) : null;
}
