import { isUndated, type Said } from './acting.ts';
import type { Assumption, Ledger } from './schema.ts';

/**
 * What is assumed where all that permits something names a document of which nobody knows when it was signed.
 * @param enough rows of which each is enough
 */
export function undatedAssumptions(
  section: 'grants' | 'consents' | 'approvals',
  enough: readonly (Said & { id: string })[],
  ledger: Ledger,
): Assumption[] {
  if (!enough.every((row) => isUndated(ledger, row))) return [];
  return enough.map(({ id, evidence }) => ({
    assumption: 'signing_not_dated',
    row: `${section}/${id}`,
    message: `${section}/${id} rests on agreements/${evidence?.agreement}, which is not dated as signed: that it was signed by then is assumed`,
  }));
}
