import { filesAround } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { filmSpans, knownCopies, shotPlaces } from '../shots/index.ts';
import type { Asked } from './ask.ts';
import { decideHoldings, type PlacedHoldings } from './bulk.ts';
import { type Pair, withAlike } from './copies.ts';
import { namedOf } from './match.ts';
import type { ShotDecision } from './schema.ts';
import { ledgerAround } from './slice-store.ts';

/**
 * What decides on some shots and on all that show the same: they, their films, and the rows of the ledger in force around those. What
 * is asked of it about these shots has the answers that all holdings give, however large a library is.
 */
export async function holdingsAround(
  { db }: Pick<Context, 'db'>,
  ids: Iterable<string>,
  performers?: readonly string[],
): Promise<PlacedHoldings> {
  const pairs = await knownCopies(db);
  const alike = withAlike(ids, pairs);
  const shots = await shotPlaces(db, { shots: alike });
  const own = new Set(shots.map(({ fileId }) => fileId));
  const files = await filesAround(db, [...own]);
  const named = files.filter(({ id }) => own.has(id)).map(namedOf);
  const ledger = await ledgerAround(db, named, performers);
  const films = await filmSpans(db, own);
  return { ledger, files, shots, films, copies: pairs.filter((pair: Pair) => alike.has(pair[0])) };
}

/** Decides some shots by what is around them; nothing is kept. One that is not catalogued any more has no decision. */
export async function decideSome(
  context: Pick<Context, 'db'>,
  ids: Iterable<string>,
  ask: Asked,
): Promise<ShotDecision[]> {
  const wanted = new Set(ids);
  const holdings = await holdingsAround(context, wanted, ask.performers);
  return decideHoldings(holdings, ask).filter(({ shotId }) => wanted.has(shotId));
}
