import { formsOf, INITIAL, turned, wordsIn } from './name-forms.ts';
import type { Party } from './schema.ts';

/** A party that a text can name. */
export type Nameable = Pick<Party, 'id' | 'name' | 'aliases'>;

/** A party that a text names, and its name as the ledger writes it. */
export interface Named {
  party: string;
  name: string;
}

/** First names as initials: N. Okafor, for Nia Okafor; of several, the first alone or each. */
function initialled(key: string): string[] {
  const [first = '', ...rest] = wordsIn(key);
  const last = rest.at(-1) ?? '';
  if (first === '' || [...last].length < 2) return [];
  const initial = (word: string) => `${[...word][0]}${INITIAL}`;
  const each = [first, ...rest.slice(0, -1)].map(initial);
  return [`${initial(first)} ${rest.join(' ')}`, `${initial(first)} ${last}`, `${each.join(' ')} ${last}`];
}

/** The ways to write one name: what is shorter than the name, at two words or more, is a part of it and none. */
function waysOf(name: string): string[] {
  const [last = '', first = '', ...rest] = name.split(',');
  const inOrder = first === '' || rest.length > 0 ? name : `${first} ${last}`;
  const bare = inOrder.replace(/['’ʼ`]/gu, '');
  const least = Math.min(
    2,
    ...formsOf(bare)
      .map((key) => wordsIn(key).length)
      .slice(0, 1),
  );
  const whole = [inOrder, bare].flatMap(formsOf).filter((key) => wordsIn(key).length >= least);
  return [...whole, ...whole.flatMap(initialled)].flatMap(turned);
}

/** Every name of a party, as keys, in whatever order of its words, first names as initials too. */
export const namesOf = ({ name, aliases = [] }: Pick<Nameable, 'name' | 'aliases'>): string[] => [
  ...new Set([name, ...aliases].flatMap(waysOf)),
];

/** Whether a text is a name of the party, and nothing else. */
export function isNameOf(party: Pick<Nameable, 'name' | 'aliases'>, text: string): boolean {
  const forms = formsOf(text);
  return namesOf(party).some((key) => forms.includes(key));
}

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
  const inForm = (words: string) => {
    const letters = words.replaceAll(' ', '');
    const near = [...new Set(words.split(' '))].flatMap((word) => byWord.get(word) ?? []);
    return [
      ...near.filter(({ key }) => ` ${words} `.includes(` ${key} `)),
      ...joined.filter(({ key }) => letters.includes(key.replaceAll(' ', ''))),
    ];
  };
  return (text) => {
    const found = new Set(formsOf(text).flatMap((form) => inForm(form).map(({ party }) => party)));
    return parties.filter((party) => found.has(party)).map(({ id, name }) => ({ party: id, name }));
  };
}
