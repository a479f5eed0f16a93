import type { Context } from '../jobs/index.ts';
import { decideSome } from './around.ts';
import type { Asked } from './ask.ts';

const reasonsNamed = 3;
const lost = { rule: 'unknown', row: 'shots', message: 'a shot is not in this workspace any more' };

/** How many of these shots are not allowed, with the first reasons, in words; null: all are. */
export async function notCleared(
  context: Pick<Context, 'db'>,
  shots: readonly string[],
  ask: Asked,
): Promise<string | null> {
  const decided = new Map((await decideSome(context, shots, ask)).map((one) => [one.shotId, one]));
  const refused = shots.filter((shot) => decided.get(shot)?.outcome !== 'ALLOW');
  if (refused.length === 0) return null;
  const reasons = refused.flatMap((shot) =>
    (decided.get(shot)?.reasons ?? [lost]).map(({ rule, row, message }) => `${rule} (${row}): ${message}`),
  );
  return `${refused.length} of ${shots.length} that are not: ${[...new Set(reasons)].slice(0, reasonsNamed).join('; ')}`;
}
