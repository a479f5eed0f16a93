import { BacklotError } from '../contract/index.ts';
import type { VideoFacts } from './probe.ts';
import { runFfmpeg } from './run.ts';

/** Luminance of diffuse white in HDR programmes, in nits (ITU-R BT.2408): it becomes 1 in linear light. */
const DIFFUSE_WHITE = 203;
const TRANSFERS = { pq: 'smpte2084', hlg: 'arib-std-b67' } as const;

/** Whether a film's light can be brought into BT.709's range: Dolby Vision may hold colours of its own, which ffmpeg cannot read. */
export const canToneMap = (hdr: VideoFacts['hdr']): hdr is keyof typeof TRANSFERS =>
  hdr === 'pq' || hdr === 'hlg';

type Colours = Pick<VideoFacts, 'hdr' | 'colorMatrix' | 'colorPrimaries' | 'pixelFormat'>;

/** Primaries that reach further than BT.709's, and cinema's and screens' P3. */
const WIDE = ['bt2020', 'smpte431', 'smpte432'];

/** The wide primaries of a film whose light is an ordinary screen's; null where BT.709's are near enough. */
export function widePrimaries({ hdr, colorMatrix, colorPrimaries }: Colours): string | null {
  if (hdr !== null) return null;
  const isUntold = colorPrimaries === null && /^bt2020/.test(colorMatrix ?? '');
  const primaries = isUntold ? 'bt2020' : (colorPrimaries ?? '');
  return WIDE.includes(primaries) ? primaries : null;
}

/** Curves of ordinary screens, by ffmpeg's names. */
const ORDINARY = [
  ...['bt709', 'smpte170m', 'bt2020-10', 'bt2020-12', 'bt470m', 'bt470bg', 'smpte240m'],
  ...['iec61966-2-1', 'iec61966-2-4', 'smpte428', 'linear'],
];

/** Whether nothing says by what curve the light of BT.2020's colours was coded: it may be HDR that lost its tag. */
export const isLightUntold = (video: Colours & Pick<VideoFacts, 'colorTransfer'>): boolean =>
  widePrimaries(video) === 'bt2020' && !ORDINARY.includes(video.colorTransfer ?? '');

/** Whether a film has to pass through `toneMapFilters` to be BT.709. */
export const isBeyond709 = (video: Colours): boolean =>
  canToneMap(video.hdr) || widePrimaries(video) !== null;

/**
 * ffmpeg's filters that turn HDR of BT.2020 into BT.709: linear light, BT.709's primaries, highlights rolled off (mobius
 * keeps the contrast below diffuse white), BT.709's curve. The size is brought down first, as float pictures are large.
 * A film with wide primaries and no HDR keeps its light: its colours are brought into BT.709's.
 */
export function toneMapFilters(video: Colours, size: { width: number; height: number }): string[] {
  const { hdr } = video;
  const primaries = widePrimaries(video);
  if (primaries) return [narrowed(video, primaries, size), 'format=yuv444p'];
  if (!canToneMap(hdr)) return [];
  return [
    // zimg finds no way from what the frames do not say.
    `setparams=color_primaries=bt2020:color_trc=${TRANSFERS[hdr]}:colorspace=${isRgb(video) ? 'gbr' : 'bt2020nc'}`,
    `zscale=${sized(size)}:t=linear:npl=${DIFFUSE_WHITE}`,
    ...['format=gbrpf32le', 'zscale=p=bt709', 'tonemap=mobius:desat=0'],
    ...['zscale=t=bt709:m=bt709:r=tv:d=error_diffusion', 'format=yuv444p'],
  ];
}

/** Names of formats without luma, with alpha or padding on either side; palettes and digital cinema's XYZ become RGB first. */
export const isRgb = ({ pixelFormat }: Colours): boolean =>
  /^(gbr|[0ax]?rgb|[0ax]?bgr|x2(rgb|bgr)|pal8|xyz)/.test(pixelFormat ?? '');

/** By the name of its format; a palette's transparent colours are not seen by it. */
export const hasAlpha = (pixelFormat: string | null): boolean =>
  /^(yuva|gbrap|rgba|bgra|argb|abgr|ya\d|ayuv)/.test(pixelFormat ?? '');

const sized = ({ width, height }: { width: number; height: number }) => `w=${width}:h=${height}:f=spline36`;

/** The curves of BT.2020 and BT.709 are one, and a screen shows P3 by nearly the same. */
function narrowed(
  { colorMatrix }: Colours,
  primaries: string,
  size: { width: number; height: number },
): string {
  const untold = primaries === 'bt2020' ? 'bt2020nc' : 'bt709';
  const matrix = colorMatrix === null ? `:min=${untold}` : '';
  return `zscale=${sized(size)}:pin=${primaries}:tin=bt709${matrix}:p=bt709:t=bt709:m=bt709:r=tv:d=error_diffusion`;
}

/** @throws BacklotError `no-zimg` where this ffmpeg was built without the library that converts light and primaries */
export async function needZimg(): Promise<void> {
  const chunks: Buffer[] = [];
  await runFfmpeg(['-v', 'error', '-filters'], { onStdout: (chunk) => void chunks.push(chunk) });
  if (/ zscale /.test(Buffer.concat(chunks).toString())) return;
  throw new BacklotError('no-zimg', {
    expected: 'an ffmpeg with the filter zscale, to show HDR and wide colours in BT.709',
    where: 'ffmpeg',
    found: 'one that was built without libzimg',
    remedy: 'Install an ffmpeg with libzimg (those of Debian and Ubuntu have it), or leave such films out.',
  });
}
