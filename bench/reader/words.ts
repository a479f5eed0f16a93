import type { CheckLine } from '../../src/contract/index.ts';
import type { WorldWords } from '../../src/sample/worlds.ts';

/** What the reader of worlds reads from pictures, as truth names it; the silhouette may be nobody's. */
export const LOOKS = ['silhouette', 'colour', 'texture', 'held', 'set', 'palette', 'time'] as const;
export const ATTRIBUTES = [...LOOKS, 'action', 'camera'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];
/** What it reads right in 96 % of held-out clips or more (its card): by these alone takes are judged. */
export const READ_WELL = [
  'colour',
  'set',
  'time',
  'action',
  'camera',
] as const satisfies readonly Attribute[];
/** What a clip of the base's worlds shows, or is asked to. */
export type Words = Record<Attribute, string>;

/** As in the checker's card: a name read with less counts as not seen, and so do all names together. */
const PROBABILITY = 0.5;

type Named = CheckLine['set'];
const NOT_SEEN: Named = { name: '', probability: 0 };

export const wordsOf = ({ painted, ...words }: WorldWords): Words => ({
  ...words,
  palette: painted ? 'painted' : 'own',
});

/** A line of `truth.jsonl` of a clip of kind `fellows`. */
export interface TruthRow {
  id: string;
  split: 'train' | 'heldout';
  novelty: 'none' | 'look' | 'scene';
  characters: [Record<'colour' | 'silhouette' | 'texture' | 'held', string>];
  set: string;
  palette: string;
  time: string;
  action: string;
  camera: string;
}

export function shownIn({ characters: [fellow], set, palette, time, action, camera }: TruthRow): Words {
  const { colour, silhouette, texture, held } = fellow;
  return { colour, silhouette, texture, held, set, palette, time, action, camera };
}

function namedIn(line: CheckLine, attribute: Attribute): Named {
  if (attribute === 'silhouette') return line.characters[0] ?? NOT_SEEN;
  if (attribute === 'set' || attribute === 'time') return line[attribute];
  if (attribute === 'action' || attribute === 'camera') return line[attribute];
  return line.look[attribute] ?? NOT_SEEN;
}

/** Whether one word is seen. */
export function isRight(line: CheckLine, words: Words, attribute: Attribute): boolean {
  const { name, probability } = namedIn(line, attribute);
  return name === words[attribute] && probability >= PROBABILITY;
}

/** Whether every one of `attributes` is seen, and all at once are likely: the rule of `usable`. */
export function allRight(line: CheckLine, words: Words, attributes: readonly Attribute[]): boolean {
  const together = attributes.reduce((product, one) => product * namedIn(line, one).probability, 1);
  return together >= PROBABILITY && attributes.every((one) => isRight(line, words, one));
}
