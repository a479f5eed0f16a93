/** Letters of CEA-608 that are not those of ASCII, by code. */
const basic: Record<number, string> = {
  ...{ 39: '’', 42: 'á', 92: 'é', 94: 'í', 95: 'ó', 96: 'ú' },
  ...{ 123: 'ç', 124: '÷', 125: 'Ñ', 126: 'ñ', 127: '█' },
};

/** Special characters, after 0x11, from 0x30 on; the tenth is a space that shows the picture. */
const special = '®°½¿™¢£♪à èâêîôû';
/** Extended characters, after 0x12 and 0x13, from 0x20 on. Each takes the place of the letter before it, which older decoders show. */
const extended: Record<number, string> = {
  18: "ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»",
  19: 'ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤│ÅåØø┌┐└┘',
};

/** The letter of a code of one byte. */
export const letterOf = (code: number): string => basic[code] ?? String.fromCharCode(code);

/** The letter of a pair (of the first channel), and whether it takes the place of the one before; null where the pair is none. */
export function letterOfPair(first: number, second: number): { letter: string; replaces: boolean } | null {
  const isSpecial = first === 0x11 && second >= 0x30 && second < 0x40;
  if (isSpecial) return { letter: special[second - 0x30] as string, replaces: false };
  const letter = extended[first]?.[second - 0x20];
  return letter && second >= 0x20 && second < 0x40 ? { letter, replaces: true } : null;
}
