import type { Party } from './schema.ts';

/** A party that a text can name. */
export type Nameable = Pick<Party, 'id' | 'name' | 'aliases'>;

/** A party that a text names, and its name as the ledger writes it. */
export interface Named {
  party: string;
  name: string;
}

/** The words of a name or a text, one blank between them. Case, accents, dots and signs that nobody sees tell no two people apart. */
export const nameKey = (name: string): string =>
  (
    name
      .normalize('NFKD')
      .replace(/[\p{M}\p{Cf}]/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');

/** Every name of a party, as keys; one written with a comma the other way round too. */
export const namesOf = ({ name, aliases = [] }: Pick<Nameable, 'name' | 'aliases'>): string[] =>
  [name, ...aliases]
    .flatMap((one) => {
      const [last = '', first = '', ...rest] = one.split(',');
      return first === '' || rest.length > 0 ? [one] : [one, `${first} ${last}`];
    })
    .map(nameKey)
    .filter((key) => key !== '');

/** Scripts that put no blanks between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The parties that a text names, in the order of the ledger. */
export type NameFinder = (text: string) => Named[];

/**
 * Finds which of some parties a text names: by a whole name or alias, all of its words one after the other, of whatever case. A part
 * of a name (a first name alone) is none, unless the ledger gives it as an alias; a name of one word counts wherever that word stands.
 * Who bears the same name is named too. Of scripts without blanks the letters alone count.
 */
export function nameFinder(parties: readonly Nameable[]): NameFinder {
  const names = parties.flatMap((party) => namesOf(party).map((key) => ({ key, party })));
  const joined = names.filter(({ key }) => unspaced.test(key));
  const byWord = Map.groupBy(names, ({ key }) => key.split(' ', 1)[0]);
  return (text) => {
    const words = nameKey(text);
    const letters = words.replaceAll(' ', '');
    const near = [...new Set(words.split(' '))].flatMap((word) => byWord.get(word) ?? []);
    const found = [
      ...near.filter(({ key }) => ` ${words} `.includes(` ${key} `)),
      ...joined.filter(({ key }) => letters.includes(key.replaceAll(' ', ''))),
    ].map(({ party }) => party);
    return parties.filter((party) => found.includes(party)).map(({ id, name }) => ({ party: id, name }));
  };
}
