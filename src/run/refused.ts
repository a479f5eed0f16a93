import type { ShotDecision } from '../rights/index.ts';

/** Refused shots by reason: each once, under the reason that comes first, so that the groups add up to all of them. */
export function refusedByReason<D extends Pick<ShotDecision, 'outcome' | 'reasons'>>(
  decisions: readonly D[],
): Map<string, D[]> {
  const refused = decisions.filter(({ outcome }) => outcome !== 'ALLOW');
  return Map.groupBy(refused, ({ reasons }) => reasons[0]?.rule ?? 'unknown');
}
