import { parseRate } from '../media/index.ts';

/** A rectangle in stored pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const evenDown = (n: number) => 2 * Math.floor(n / 2);
const evenUp = (n: number) => 2 * Math.ceil(n / 2);

/** The part of a length that is kept, centred, on even pixels (chroma of 4:2:0 film lies on every second one). */
function centred(from: number, length: number, keep: number): [start: number, length: number] {
  const low = evenUp(from);
  const high = evenDown(from + length);
  const kept = Math.min(high - low, Math.max(2, 2 * Math.round(keep / 2)));
  return [low + evenDown((high - low - kept) / 2), kept];
}

/**
 * The centre of a picture that fills a clip without bars: scaled to `width` x `height` it covers them exactly.
 * @param picture active picture in stored pixels, bars already removed
 * @param sar width of a stored pixel over its height, such as `8:9`
 */
export function coverCrop(picture: Box, sar: string, size: { width: number; height: number }): Box {
  const { num, den } = parseRate(sar);
  const aspect = (size.width / size.height) * (den / num);
  const wide = picture.width > picture.height * aspect;
  const [x, width] = centred(picture.x, picture.width, wide ? picture.height * aspect : picture.width);
  const [y, height] = centred(picture.y, picture.height, wide ? picture.height : picture.width / aspect);
  return { x, y, width, height };
}
