import type { Db } from '../db/index.ts';
import { listTakes, type Take } from '../generate/index.ts';
import { withdrawalsOn } from '../train/index.ts';

/**
 * Of some takes, whether `other` may count as `one`: drawn of the same words and files by the same models, for the same people, and
 * reached by no withdrawal. All that is said, decided and withdrawn of the one is then said of the other.
 */
export async function siblingsAmong(
  db: Db,
  ids: readonly string[],
): Promise<(one: string, other: string) => boolean> {
  const withdrawn = await withdrawalsOn(db, 'take', ids);
  const takes = await listTakes(db, ids);
  const originOf = new Map(takes.map((take) => [take.id, JSON.stringify(originsOf(take))]));
  return (one, other) => !withdrawn.has(other) && originOf.get(one) === originOf.get(other);
}

const originsOf = ({ modelId, upscalerId, replicaOf, brief }: Take) => [
  ...[modelId, upscalerId, replicaOf, brief.text, brief.caption, brief.adapters],
  brief.references.map(({ role, sha256 }) => [role, sha256]),
];
