import type { DecodeOptions } from './decode-options.ts';
import type { PictureFacts } from './probe.ts';
import { parityOf, pulldownFilters } from './pulldown.ts';
import { toneMapFilters } from './tone-map.ts';
import { selectFilter } from './wanted.ts';

export function decodeFilter(video: PictureFacts, options: DecodeOptions): string {
  const { crop } = options;
  const cut = crop ? [`crop=${crop.width}:${crop.height}:${crop.x}:${crop.y}:exact=1`] : [];
  const mapped = options.toneMap ? toneMapFilters(video, options) : [];
  const fewer = options.rough ? lineFilters(video, options) : [];
  const scaled = [...selectFilter(options), ...cut, ...mapped, ...fewer, scaleFilter(video, options)];
  return [...weaveFilters(video, options), ...scaled, ...softenFilter(options)].join(',');
}

/** @param from the frame of the film that comes first */
export function weaveFilters(
  { height }: PictureFacts,
  { pulldown, deinterlace }: DecodeOptions,
  from = 0,
): string[] {
  if (pulldown) return [pulldownFilters(pulldown, height, from)];
  if (!deinterlace) return [];
  const which = deinterlace === true ? 'deint=interlaced' : `deint=all:parity=${parityOf(deinterlace)}`;
  return [`bwdif=mode=send_frame:${which}`];
}

/** Lines of the picture that go into one that comes out, at least. */
const FEWEST_LINES = 4;

/** Every second line, again and again: a field is read by stride alone, and scaling costs what it reads. */
function lineFilters(video: PictureFacts, { height }: DecodeOptions): string[] {
  const halvings = Math.floor(Math.log2(video.height / (FEWEST_LINES * height)));
  return Array.from({ length: Math.max(0, halvings) }, () => 'field=top');
}

/** ffmpeg's blur passes a recursive filter over the picture; three times come within a grey level of a Gaussian. */
const BLUR_PASSES = 3;

/** In planar colours: subsampled chroma would be blurred twice as wide. */
function softenFilter({ soften, pixelFormat }: DecodeOptions): string[] {
  if (!soften) return [];
  const planes = pixelFormat === 'rgb24' ? 'gbrp' : 'gray';
  return [`format=${planes}`, `gblur=sigma=${soften}:steps=${BLUR_PASSES}`];
}

/** Area averaging where both sides shrink; bicubic where the picture grows. */
export function scaleFilter(video: PictureFacts, { width, height, crop }: DecodeOptions): string {
  const source = crop ?? video;
  const method = width <= source.width && height <= source.height ? 'area' : 'bicubic';
  const flags = `${method}+accurate_rnd+full_chroma_int`;
  return `scale=${width}:${height}:flags=${flags}:in_color_matrix=${inputMatrix(video)}`;
}

/** Untagged HD is BT.709 by convention; swscale would take it for BT.601. */
function inputMatrix(video: PictureFacts): string {
  return video.colorMatrix === null && video.height >= 720 ? 'bt709' : 'auto';
}
