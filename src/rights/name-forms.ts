/** In how many ways what a text says may be written. Keys are words with one blank between them. */

/** Stands behind an initial, where a dot said that it is one: for private use, so that no text holds it. */
export const INITIAL = '\u{E000}';

export const wordsIn = (key: string): string[] => key.split(' ');

/** The words of a name or a text. Case, accents, dots and signs that nobody sees tell no two people apart. Answers are kept under it. */
export const nameKey = (name: string): string =>
  (
    name
      .normalize('NFKD')
      .replace(/[\p{M}\p{Cf}]/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}\u{E000}]+/gu) ?? []
  ).join(' ');

type Letters = Readonly<Record<string, string>>;

/** Letters that are written otherwise elsewhere, and do not come apart by themselves. */
const plain: Letters = {
  ...{ ł: 'l', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ŧ: 't', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
};

/** Letters that may be written with a second one: Müller, Mueller. */
const spelledOut: Letters = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };

const replaced = (text: string, letters: Letters): string =>
  text.replace(/[^\0-\x7f]/gu, (letter) => letters[letter] ?? letter);

/** As `nameKey`, letters that are written otherwise elsewhere as they are there: Straße and STRASSE. */
export const plainKey = (text: string): string => replaced(nameKey(text), plain);

/** A letter by itself with a dot behind it. */
const dotted = /(?<![\p{L}\p{N}\p{M}])(\p{L}\p{M}*)\.(?!\p{N})/gu;

/** Single letters, one after the other, as one word: J. R. R. and JRR. */
const together = (key: string): string =>
  key.replace(/(?<=^| )\p{L}(?: \p{L})+(?= |$)/gu, (letters) => letters.replaceAll(' ', ''));

/** The keys of a text: as it stands, with its initials known as such, and without them; letters with marks plain and spelled out. The first is as it stands. */
export function formsOf(text: string): string[] {
  const told = text.normalize('NFC').toLowerCase();
  const forms = [told, replaced(told, spelledOut)].flatMap((one) => [
    plainKey(one),
    plainKey(one.replace(dotted, `$1${INITIAL} `)),
    plainKey(one.replace(dotted, ' ')),
  ]);
  return [...new Set([...forms, ...forms.map(together)])].filter((key) => key !== '');
}

/** In Hungary, in Japan and in lists the family's name stands first; of how many words it is, nobody says. */
export function turned(key: string): string[] {
  const words = wordsIn(key);
  return words.map((_, i) => [...words.slice(i), ...words.slice(0, i)].join(' '));
}
