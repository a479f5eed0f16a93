import { rngOf, shuffled } from './random.ts';
import type { StudioTitle } from './studio.ts';
import { type TitleWords, titleCaption, titleOf, titleWords } from './titles.ts';
import type { Attributes } from './truth.ts';

/** A brief as the generate stage takes it; `expect` is for the checker and never reaches a model. */
export interface SampleBrief {
  readonly id: string;
  readonly text: string;
  readonly mode: 'text';
  readonly candidates: number;
  readonly seed: number;
  readonly expect: Attributes;
}

/** Takes drawn for each brief. */
const CANDIDATES = 4;
/** Draws after which a brief may repeat another: a title has a few hundred different ones. */
const DRAWS = 200;

/**
 * Briefs for the cleared titles, in proportion to their shots. Every second brief of a title asks for a combination
 * of character, set and action that none of its shots shows; its id says `new`, the others say `seen`. No two ask for the same.
 */
export function sampleBriefs({
  studio,
  count,
  seed,
}: {
  studio: { readonly titles: readonly Pick<StudioTitle, 'id' | 'rights' | 'shots'>[] };
  count: number;
  seed: number;
}): SampleBrief[] {
  const cleared = studio.titles.filter((title) => title.rights === 'cleared');
  const order = shuffled(rngOf('briefs', seed), cleared);
  const given = new Map(order.map(({ id }) => [id, 0]));
  const asked = new Set<string>();
  return Array.from({ length: count }, () => {
    const id = mostOwed(order, given);
    const round = given.get(id) ?? 0;
    given.set(id, round + 1);
    const brief = briefOf(id, round, seed, asked);
    asked.add(brief.text);
    return brief;
  });
}

/** The title that has the fewest briefs for its shots once it gets one more. */
function mostOwed(
  titles: readonly Pick<StudioTitle, 'id' | 'shots'>[],
  given: ReadonlyMap<string, number>,
): string {
  const weight = ({ id, shots }: Pick<StudioTitle, 'id' | 'shots'>) => ((given.get(id) ?? 0) + 1) / shots;
  return titles.reduce(
    (best, title) => (weight(title) < weight(best) ? title : best),
    titles[0] as Pick<StudioTitle, 'id' | 'shots'>,
  ).id;
}

function briefOf(slug: string, round: number, seed: number, asked: ReadonlySet<string>): SampleBrief {
  const title = titleOf(slug);
  const fresh = round % 2 === 1;
  const rng = rngOf('brief', slug, round, seed);
  const words = unlike(asked, () => titleWords(rng, title, fresh));
  const { character, set, action, camera, time } = words;
  return {
    id: `${slug}-${fresh ? 'new' : 'seen'}-${String(round + 1).padStart(2, '0')}`,
    text: titleCaption(words),
    mode: 'text',
    candidates: CANDIDATES,
    seed: rng.int(0, 0x7fffffff),
    expect: { characters: [character.name], set: set.name, action, camera, time },
  };
}

function unlike(asked: ReadonlySet<string>, draw: () => TitleWords): TitleWords {
  let words = draw();
  for (let n = 1; n < DRAWS && asked.has(titleCaption(words)); n++) words = draw();
  return words;
}
