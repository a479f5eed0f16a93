import { firstRows } from './first-rows.ts';
import type { Assumption, Grant, Ledger, Policy } from './schema.ts';

/** Who runs this workspace; nobody: it is not stated. An import refuses two, and a grant would have to be given to both. */
export const housesOf = ({ policies }: { policies: readonly Policy[] }): string[] =>
  policies.flatMap(({ house }) => house ?? []);

/** What somebody else is permitted permits the house nothing. A grant that names nobody is given to the house. */
export const isToAnother = ({ grantee }: Grant, ledger: Ledger): boolean =>
  grantee !== undefined && housesOf(ledger).some((house) => house !== grantee);

/** Whether it counts only if the one whom it names is the house, which nobody has stated. */
export const isToUnstated = ({ grantee }: Grant, ledger: Ledger): boolean =>
  grantee !== undefined && housesOf(ledger).length === 0;

/**
 * What is assumed where all that permits something is given to somebody by name.
 * @param covering grants of which each is enough
 */
export function houseAssumptions(covering: readonly Grant[], ledger: Ledger): Assumption[] {
  if (!covering.every((grant) => isToUnstated(grant, ledger))) return [];
  return covering.map(({ id, grantee }) => ({
    assumption: 'house_not_stated',
    row: `grants/${id}`,
    message: `grants/${id} is given to ${grantee}, and nobody has stated whose house this is`,
  }));
}

/** Where another runs the workspace by now: a grant that names nobody was given to the one before, and counts for this one. */
export function houseWords(before: Ledger, now: Ledger): string[] {
  const [[was], [is]] = [housesOf(before), housesOf(now)];
  if (was === undefined || is === undefined || was === is) return [];
  const known = new Set(before.grants.map(({ id }) => id));
  const rows = now.grants.filter(({ id, grantee }) => grantee === undefined && known.has(id));
  if (rows.length === 0) return [];
  const named = firstRows(rows.map(({ id }) => `grants/${id}`));
  return [
    `the house was ${was} and is ${is}: grants that name nobody were given to ${was} and count for ${is} now (${named}); where they should not, write grantee: ${was} there`,
  ];
}

/** Each assumption once, those of one kind together, in the order of their rows. */
export function onceEach(assumptions: readonly Assumption[]): Assumption[] {
  const unique = new Map(assumptions.map((one) => [`${one.assumption} ${one.row}`, one]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
