import type { Context } from '../../jobs/index.ts';
import { type Ledger, ledgerById } from '../../rights/index.ts';
import { readLedgerIdsAt } from '../store.ts';

type Db = Context['db'];

/** Ledgers that were in force once. */
export type LedgersThen = (id: string) => Promise<Ledger | null>;

/** Each may be as large as a library's, and a period may have many: the last one read is held. Who asks by ledger reads each once. */
export function ledgersThen(db: Db): LedgersThen {
  let last: { id: string; ledger: Promise<Ledger | null> } | null = null;
  return (id) => {
    if (last?.id !== id) last = { id, ledger: ledgerById(db, id).then((found) => found?.document ?? null) };
    return last.ledger;
  };
}

/** Takes with the ledger that was in force when they were made, by ledger. */
export async function* byLedger<T extends { madeAt: Date }>(
  db: Db,
  ledgers: LedgersThen,
  takes: readonly T[],
): AsyncGenerator<{ ledger: Ledger | null; made: T[] }> {
  const moments = takes.map(({ madeAt }) => madeAt);
  const ids = await readLedgerIdsAt(db, moments);
  const groups = Map.groupBy(takes, ({ madeAt }) => ids.get(madeAt.getTime()) ?? null);
  for (const [id, made] of groups) yield { ledger: id === null ? null : await ledgers(id), made };
}

/** Names of parties by their ids: of two the one that comes first, so that no order of ledgers counts. */
export type Names = Map<string, string>;

export function noteNames(names: Names, named: Iterable<readonly [id: string, name: string]>): void {
  for (const [id, name] of named) {
    const known = names.get(id);
    if (known === undefined || name < known) names.set(id, name);
  }
}

export const namesIn = ({ parties }: Ledger): (readonly [id: string, name: string])[] =>
  parties.map(({ id, name }) => [id, name] as const);
