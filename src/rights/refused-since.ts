import type { Context } from '../jobs/index.ts';
import { holdingsAround } from './around.ts';
import type { Asked } from './ask.ts';
import { decideHoldings, type PlacedHoldings } from './bulk.ts';
import { matchTitle, type NamedFile, namedOf } from './match.ts';
import type { Ledger, ShotDecision } from './schema.ts';
import { asStated } from './stated-store.ts';
import { ledgerBefore } from './store.ts';

/** A shot that a ledger refuses and the one before it allowed. */
export interface RefusedSince {
  shotId: string;
  /** The row of the reason that counts. */
  row: string;
  message: string;
  /** Of the ledger or, where that names none for the film or two, of the one before it, which allowed the shot. */
  title: string;
}

/** Asks of shots what the ledger in force refuses that the one before it allowed: whatever it is that has changed. */
export async function refusedSince({ db }: Pick<Context, 'db'>, ledger: string) {
  const found = await ledgerBefore(db, ledger);
  const before = found && { id: found.id, document: await asStated(db, found.document) };
  return async (shots: readonly string[], asked: Asked): Promise<RefusedSince[]> => {
    const around = await holdingsAround({ db }, shots, asked.performers);
    const wanted = new Set(shots);
    const refused = decideHoldings(around, asked).filter(
      ({ shotId, outcome }) => outcome !== 'ALLOW' && wanted.has(shotId),
    );
    if (refused.length === 0 || !before) return [];
    const then = decideHoldings({ ...around, ledger: before }, asked);
    const allowed = new Set(then.flatMap(({ shotId, outcome }) => (outcome === 'ALLOW' ? [shotId] : [])));
    const titleOf = titles(around.files, [around.ledger?.document, before.document]);
    return refused.filter(({ shotId }) => allowed.has(shotId)).map((one) => told(one, titleOf));
  };
}

function told({ shotId, fileId, reasons: [first] }: ShotDecision, titleOf: (file: string) => string) {
  const { row = 'titles', message = 'nobody can say' } = first ?? {};
  return { shotId, row, message, title: titleOf(fileId) };
}

function titles(files: PlacedHoldings['files'], ledgers: readonly (Ledger | undefined)[]) {
  const named = files.map(namedOf);
  const namedById = new Map(files.map(({ id }, i) => [id, named[i]]));
  const titleIn = (ledger: Ledger | undefined, file: NamedFile) => {
    const match = ledger && matchTitle(ledger, file, named);
    return match && 'title' in match ? [match.title] : [];
  };
  return (id: string): string => {
    const file = namedById.get(id);
    const [title] = file ? ledgers.flatMap((ledger) => titleIn(ledger, file)) : [];
    return title ?? id;
  };
}
