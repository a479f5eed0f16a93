import { BacklotError } from '../contract/index.ts';
import type { VideoFacts } from './probe.ts';
import { runFfmpeg } from './run.ts';

/** Luminance of diffuse white in HDR programmes, in nits (ITU-R BT.2408): it becomes 1 in linear light. */
const DIFFUSE_WHITE = 203;
const TRANSFERS = { pq: 'smpte2084', hlg: 'arib-std-b67' } as const;

/** Whether a film's light can be brought into BT.709's range: Dolby Vision may hold colours of its own, which ffmpeg cannot read. */
export const canToneMap = (hdr: VideoFacts['hdr']): hdr is keyof typeof TRANSFERS =>
  hdr === 'pq' || hdr === 'hlg';

/**
 * ffmpeg's filters that turn HDR of BT.2020 into BT.709: linear light, BT.709's primaries, highlights rolled off (mobius
 * keeps the contrast below diffuse white), BT.709's curve. The size is brought down first, as float pictures are large.
 */
export function toneMapFilters(
  { hdr }: VideoFacts,
  { width, height }: { width: number; height: number },
): string[] {
  if (!canToneMap(hdr)) return [];
  return [
    `zscale=w=${width}:h=${height}:f=spline36:tin=${TRANSFERS[hdr]}:pin=bt2020:min=bt2020nc:t=linear:npl=${DIFFUSE_WHITE}`,
    ...['format=gbrpf32le', 'zscale=p=bt709', 'tonemap=mobius:desat=0'],
    ...['zscale=t=bt709:m=bt709:r=tv:d=error_diffusion', 'format=yuv444p'],
  ];
}

/** @throws BacklotError `no-zimg` where this ffmpeg was built without the library that converts light and primaries */
export async function needZimg(): Promise<void> {
  const chunks: Buffer[] = [];
  await runFfmpeg(['-v', 'error', '-filters'], { onStdout: (chunk) => void chunks.push(chunk) });
  if (/ zscale /.test(Buffer.concat(chunks).toString())) return;
  throw new BacklotError('no-zimg', {
    expected: 'an ffmpeg with the filter zscale, to show HDR in BT.709',
    where: 'ffmpeg',
    found: 'one that was built without libzimg',
    remedy: 'Install an ffmpeg with libzimg (those of Debian and Ubuntu have it), or leave HDR films out.',
  });
}
