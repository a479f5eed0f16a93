import type { PartyLineage } from '../schema.ts';
import type { DatasetFacts, ModelFacts } from './facts.ts';
import { titleName } from './phrases.ts';

/** Who owns a share of a title, or something in it, and by which of its grants the clips were cleared; null: not known here. */
export type Holder = PartyLineage & { granted: string[] | null };

/** What each of these is to the provider, in words. */
export interface Holdings {
  own: string[];
  licensed: string[];
  /** Nobody has said who the provider is, so that each may be either. */
  granted: string[];
  /** Of others, and by no grant of theirs that is known. */
  open: string[];
}

/** By share, not by title: of a title that is owned in part the others' shares are licensed. */
export function holdingsOf(datasets: readonly DatasetFacts[], provider: ModelFacts['provider']): Holdings {
  const told = datasets.flatMap((dataset) =>
    dataset.holders.map((holder) => ({
      kind: kindOf(holder, provider),
      words: holderWords(dataset, holder),
    })),
  );
  const of = (kind: keyof Holdings) => [
    ...new Set(told.filter((one) => one.kind === kind).map(({ words }) => words)),
  ];
  return { own: of('own'), licensed: of('licensed'), granted: of('granted'), open: of('open') };
}

function kindOf({ id, granted }: Holder, provider: ModelFacts['provider']): keyof Holdings {
  if (id === provider?.id) return 'own';
  if (!granted || granted.length === 0) return 'open';
  return provider === null ? 'granted' : 'licensed';
}

export const holderWords = (
  { lineage }: DatasetFacts,
  { name, title, role, share, standing }: Holder,
): string =>
  `${titleName(lineage, title)}: ${name}${role === 'owner' ? `, ${share ?? 'share not known'}` : ''}; ${standing}`;
