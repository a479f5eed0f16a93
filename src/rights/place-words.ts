import type { Duty } from './duty-schema.ts';
import type { Obligation } from './ledger-schema.ts';

/** Where something is written, for people; null where nowhere. */
export function placeWords(evidence: Obligation['evidence'] | Duty['evidence']): string | null {
  if (!evidence) return null;
  const { agreement, clause, page } = evidence;
  const part = [clause ? `clause ${clause}` : [], page ? `page ${page}` : []].flat();
  return [`agreements/${agreement}`, ...part].join(', ');
}
