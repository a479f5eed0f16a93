import { rngOf } from '../../src/sample/random.ts';
import { type Novelty, type WorldWords, worldCaption, worldWords } from '../../src/sample/worlds.ts';
import { type Words, wordsOf } from '../reader/words.ts';
import type { Asked } from '../takes.ts';

/** look: colour, body and thing held that no training clip puts together; scene: place, action and time; none: neither. */
export const NOVELTIES = ['look', 'scene', 'none'] as const satisfies readonly Novelty[];
const CANDIDATES = 4;

export interface WorldBrief extends Asked {
  novelty: Novelty;
  /** What no training clip puts together: one of a few looks and scenes, so that briefs of one are alike. */
  combination: string;
  words: Words;
}

/** So many briefs of each novelty, in the words of the base's worlds. */
export const worldBriefs = (counts: Record<Novelty, number>, seed: number): WorldBrief[] =>
  NOVELTIES.flatMap((novelty) =>
    Array.from({ length: counts[novelty] }, (_, i) => briefOf(novelty, i, seed)),
  );

function briefOf(novelty: Novelty, index: number, seed: number): WorldBrief {
  const rng = rngOf('world brief', novelty, index, seed);
  const words = worldWords(rng, novelty);
  return {
    id: `${novelty}-${String(index + 1).padStart(2, '0')}`,
    text: worldCaption(words),
    mode: 'text',
    candidates: CANDIDATES,
    seed: rng.int(0, 0x7fffffff),
    novelty,
    combination: combinationOf(novelty, words),
    words: wordsOf(words),
  };
}

const combinationOf = (novelty: Novelty, { colour, silhouette, held, set, action, time }: WorldWords) =>
  novelty === 'scene' ? `${set}, ${action}, ${time}` : `${colour}, ${silhouette}, ${held}`;
