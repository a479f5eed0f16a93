import type { PictureFacts } from './probe.ts';
import { isBeyond709, isRgb } from './tone-map.ts';

/** A matrix by which red, green and blue become luma and two colours: what of luma is red, and what is blue. */
export interface Weights {
  red: number;
  blue: number;
}

const BT601 = { red: 0.299, blue: 0.114 };
const BT709 = { red: 0.2126, blue: 0.0722 };
/** Those that ffmpeg knows by name; it reads all others as BT.601. */
const NAMED: Record<string, Weights> = {
  bt709: BT709,
  bt2020nc: { red: 0.2627, blue: 0.0593 },
  bt2020c: { red: 0.2627, blue: 0.0593 },
  smpte240m: { red: 0.212, blue: 0.087 },
  fcc: { red: 0.3, blue: 0.11 },
};

/** Untagged HD is BT.709 by convention; swscale would take it for BT.601. */
export const isUntaggedHd = ({ colorMatrix, height }: PictureFacts): boolean =>
  colorMatrix === null && height >= 720;

/** Of the stills of a film: what is brought into BT.709's range, and what was RGB, is BT.709. */
export const weightsOf = (video: PictureFacts): Weights =>
  isUntaggedHd(video) || isBeyond709(video) || isRgb(video)
    ? BT709
    : (NAMED[video.colorMatrix ?? ''] ?? BT601);

interface Size {
  width: number;
  height: number;
}

const half = (side: number): number => Math.ceil(side / 2);

/** Bytes of a picture of full luma, and of two colours at half its width and height. */
export const planarBytes = ({ width, height }: Size): number =>
  width * height + 2 * half(width) * half(height);

/** Luma of black, and its steps to white; the colours have so many on both sides of grey. */
const [black, lumaSteps, grey, colourSteps] = [16, 219, 128, 112];

/**
 * Each pixel takes the colours of its two by two, as a JPEG keeps them.
 * @param planar `planarBytes` of luma and colours in video's range
 * @returns `width * height` RGB bytes
 */
export function rgbOf(planar: Uint8Array, { width, height }: Size, { red, blue }: Weights): Uint8Array {
  const rgb = new Uint8ClampedArray(3 * width * height);
  const [firstBlue, across] = [width * height, half(width)];
  const firstRed = firstBlue + across * half(height);
  const [ofRed, ofBlue] = [(255 * (1 - red)) / colourSteps, (255 * (1 - blue)) / colourSteps];
  const green = 1 - red - blue;
  for (let y = 0, at = 0; y < height; y++) {
    const line = (y >> 1) * across;
    for (let x = 0; x < width; x++, at++) {
      const luma = (((planar[at] as number) - black) * 255) / lumaSteps;
      const toRed = ofRed * ((planar[firstRed + line + (x >> 1)] as number) - grey);
      const toBlue = ofBlue * ((planar[firstBlue + line + (x >> 1)] as number) - grey);
      rgb[3 * at] = luma + toRed;
      rgb[3 * at + 1] = luma - (red * toRed + blue * toBlue) / green;
      rgb[3 * at + 2] = luma + toBlue;
    }
  }
  return new Uint8Array(rgb.buffer);
}
