import { asc, inArray } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { retiredAmong } from './standing.ts';

/** What is out of use is refused: models that people have retired, and what withdrawals have blocked, which provenance writes. */

const { provenanceBlocks } = tables;

/** What a block is on. */
interface Item {
  kind: string;
  id: string;
}

/** @throws BacklotError `model-retired`, `blocked` where a withdrawal has reached one of the items */
export async function refuseBlocked(db: Db, items: readonly Item[]): Promise<void> {
  if (items.length === 0) return;
  await refuseRetired(
    db,
    items.flatMap(({ kind, id }) => (kind === 'model' ? [id] : [])),
  );
  const ids = items.map(({ id }) => id);
  const { id, blockedAt, withdrawal } = provenanceBlocks;
  const rows = await db
    .select()
    .from(provenanceBlocks)
    .where(inArray(id, ids))
    .orderBy(asc(blockedAt), asc(withdrawal));
  const isOn = (row: BlockRow) => (item: Item) => item.kind === row.kind && item.id === row.id;
  const found = rows.find((row) => items.some(isOn(row)));
  if (found)
    throw blocked(
      found,
      rows.filter((row) => isOn(row)(found)),
    );
}

/** @throws BacklotError `model-retired` where one of the models is */
export async function refuseRetired(db: Pick<Db, 'select'>, models: readonly string[]): Promise<void> {
  const [first] = await retiredAmong(db, models);
  if (!first) return;
  const [id, { at, by, reason }] = first;
  throw new BacklotError('model-retired', {
    expected: 'a model that is in use',
    where: id,
    found: `one that was retired ${at} by ${by}: ${reason}`,
    remedy:
      'Use another model (`backlot models`), or train one anew on another dataset, such as the same clips frozen on another day or by another ledger (frozen on the same day by the same one it is the same): a retired one stays out of use.',
  });
}

type BlockRow = typeof provenanceBlocks.$inferSelect;

const blocked = ({ kind, id }: BlockRow, rows: readonly BlockRow[]) =>
  new BacklotError('blocked', {
    expected: `a ${kind} that no withdrawal has reached`,
    where: id,
    found: rows.map(blockedWords).join('; '),
    remedy: `${kind === 'take' ? 'Use a take that no withdrawal has reached, nor what it was drawn from' : 'Freeze the dataset again without it and train anew'}; \`backlot provenance tasks\` lists what is open.`,
  });

const blockedWords = ({ withdrawal, via, blockedAt }: BlockRow): string =>
  `${withdrawal}, withdrawn ${blockedAt.toISOString()}, reached it through ${via}`;
