import type { DecodeOptions } from './decode-options.ts';
import { isUntaggedHd } from './planar.ts';
import type { PictureFacts } from './probe.ts';
import { parityOf, pulldownFilters } from './pulldown.ts';
import { isRgb, toneMapFilters } from './tone-map.ts';
import { selectFilter } from './wanted.ts';

/** Comes first: what follows where a film's size or format changes is brought to its first. Frames that have it pass untouched. */
export const oneSize = ({ width, height }: Size): string => `scale=${width}:${height}`;

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

/** swscale reads a palette as if it were coded with a matrix. */
const lookedUp = ({ pixelFormat }: PictureFacts): string => (pixelFormat === 'pal8' ? 'format=gbrp,' : '');

/**
 * ffmpeg divides the scaling of each frame among as many threads as there are cores. To wake them for a small one takes longer than to
 * scale it; filters that look at whole frames keep theirs.
 */
const byOneThread = ':threads=1';

/** Area averaging where both sides shrink; bicubic where the picture grows. */
function scaleFilter(video: PictureFacts, { width, height, crop, rough }: DecodeOptions): string {
  const flags = `${methodOf(crop ?? video, { width, height })}+accurate_rnd+full_chroma_int`;
  const threads = rough ? byOneThread : '';
  return `${lookedUp(video)}scale=${width}:${height}:flags=${flags}:in_color_matrix=${inputMatrix(video)}${threads}`;
}

interface Size {
  width: number;
  height: number;
}

const methodOf = (from: Size, to: Size): string =>
  to.width <= from.width && to.height <= from.height ? 'area' : 'bicubic';

/** In video's range, as it is there: to stretch luma to 0..255, or to make RGB of it, takes three times what scaling does. */
const asCoded = `out_range=tv${byOneThread},format=yuv420p`;

/** A picture as `rgbOf` reads it. */
export function planarFilter(video: PictureFacts, { width, height }: Size): string {
  const matrix = isRgb(video) ? ':out_color_matrix=bt709' : '';
  return `${lookedUp(video)}scale=${width}:${height}:flags=${methodOf(video, { width, height })}+accurate_rnd${matrix}:${asCoded}`;
}

/** Some pixels of a picture's luma. */
export const lumaFilter = ({ width, height }: Size): string =>
  `scale=${width}:${height}:flags=neighbor:${asCoded},extractplanes=y`;

function inputMatrix(video: PictureFacts): string {
  return isUntaggedHd(video) ? 'bt709' : 'auto';
}
