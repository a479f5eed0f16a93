import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { withdrawalsOn } from '../train/index.ts';
import type { Take } from './schema.ts';

/**
 * The same brief, drawn again by the same models of the same files, is the take that it was: one that a withdrawal has reached stays
 * blocked, also where the ledger permits anew what it was given (ADR 0186).
 * @throws BacklotError `blocked`
 */
export async function refuseDrawnBefore(
  db: Pick<Db, 'select'>,
  takes: readonly Pick<Take, 'id' | 'briefId'>[],
): Promise<void> {
  const ids = takes.map(({ id }) => id);
  const withdrawn = await withdrawalsOn(db, 'take', ids);
  const blocked = takes.filter(({ id }) => withdrawn.has(id));
  if (blocked.length === 0) return;
  const briefs = [...new Set(blocked.map(({ briefId }) => briefId))];
  const rows = [...new Set([...withdrawn.values()].flat().map(({ row }) => row))];
  throw new BacklotError('blocked', {
    expected: 'briefs whose takes no withdrawal has reached',
    where: `brief ${briefs.join(', ')}`,
    found: `${blocked.map(({ id }) => id).join(', ')}, drawn before of the very same, which the withdrawal of ${rows.join(', ')} has reached`,
    remedy:
      'Give such a brief another seed or other words: a blocked take stays blocked, and what the ledger permits again is drawn anew.',
  });
}
