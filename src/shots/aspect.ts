import type { Rectangle } from './schema.ts';

/** Widths of screens to their heights: television, Academy, European and American flat, Univisium, 70 mm, scope, Ultra Panavision, phones. */
const KNOWN = {
  '9:16': 9 / 16,
  '1:1': 1,
  '1.19': 1.19,
  '1.33': 4 / 3,
  '1.37': 1.375,
  '1.43': 1.43,
  '1.66': 5 / 3,
  '1.78': 16 / 9,
  '1.85': 1.85,
  '1.90': 1.9,
  '2.00': 2,
  '2.20': 2.2,
  '2.35': 2.35,
  '2.39': 2.39,
  '2.55': 2.55,
  '2.76': 2.76,
} as const;

export type Aspect = keyof typeof KNOWN;
export const aspects = Object.keys(KNOWN) as [Aspect, ...Aspect[]];

/** How far a picture's shape may lie from a known one, relative: bars are cut in whole, often even, lines. */
const tolerance = 0.01;
/** Lines by which the found edge of a bar may miss: a picture that close to its shape is left as it was found. */
const edge = 2;

/** The known shape nearest to a picture's, or null. @param pixelAspect width of a pixel to its height */
export function aspectOf({ width, height }: Rectangle, pixelAspect: number): Aspect | null {
  const shape = (width * pixelAspect) / height;
  const miss = (name: Aspect) => Math.abs(shape / KNOWN[name] - 1);
  const nearest = aspects.toSorted((a, b) => miss(a) - miss(b))[0] as Aspect;
  return miss(nearest) <= tolerance ? nearest : null;
}

/**
 * The picture between bars, brought to the known shape it nearly has by taking a little more away where bars are: a
 * soft edge or a line of subtitles hides part of a bar. Nothing is added, and sides without bars are left alone.
 */
export function snapped(
  found: Rectangle,
  whole: { width: number; height: number },
  pixelAspect: number,
): Rectangle {
  const name = aspectOf(found, pixelAspect);
  if (name === null) return found;
  const [width, height] = [
    (found.height * KNOWN[name]) / pixelAspect,
    (found.width * pixelAspect) / KNOWN[name],
  ];
  if (found.height < whole.height && found.height - height > edge)
    return { ...found, y: found.y + Math.floor((found.height - height) / 2), height: Math.round(height) };
  if (found.width < whole.width && found.width - width > edge)
    return { ...found, x: found.x + Math.floor((found.width - width) / 2), width: Math.round(width) };
  return found;
}
