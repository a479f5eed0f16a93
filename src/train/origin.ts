import { and, asc, eq, inArray } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import {
  appendAudit,
  baseInput,
  type Context,
  EARLIER_BASES,
  folderHash,
  SHIPPED_UPSCALER,
} from '../jobs/index.ts';
import { originalsOf } from './exported.ts';
import type { DeclareInput, Origin, Said } from './schema.ts';
import { getModel } from './store.ts';

/** What people say of what models from outside learned from: nothing here can prove it (ADR 0108). */

const { trainOrigins: origins, trainModels: models } = tables;

/**
 * Records whose word it is what a model learned from. A later word takes the place of an earlier one, which stays recorded.
 * @throws BacklotError `no-such-model`, `origin-known` where it learned here, was exported from what did, or came with Backlot
 */
export async function declareOrigin(
  { db, who }: Pick<Context, 'db' | 'who'>,
  { model: id, ...said }: DeclareInput,
): Promise<Origin> {
  const { snapshotId, sha256, name } = await getModel(db, id);
  if (snapshotId !== null) throw known(name, `dataset ${snapshotId} of this workspace`);
  const [original] = await originalsOf(db, id);
  if (original !== undefined) throw known(name, `what model ${original} did: it was exported from that one`);
  if (await isShipped(sha256)) throw known(name, 'rendered worlds alone: it came with Backlot');
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(origins)
      .values({ ...said, modelId: id, sha256, who })
      .returning();
    await appendAudit(tx, { who, what: 'model.declare', subject: id, details: { ...said, sha256 } });
    if (!row) throw new Error('a row that was written was not returned');
    return originOf(row);
  });
}

/** The word that holds, of those of the models of which there is one. */
export async function originsOf(
  db: Pick<Db, 'select'>,
  ids: readonly string[],
): Promise<Map<string, Origin>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ origin: origins })
    .from(origins)
    .innerJoin(models, and(eq(models.id, origins.modelId), eq(models.sha256, origins.sha256)))
    .where(inArray(origins.modelId, [...ids]))
    .orderBy(asc(origins.id));
  return new Map(rows.map(({ origin }) => [origin.modelId, originOf(origin)]));
}

let shipped: Promise<ReadonlySet<string>> | undefined;

/** Hashes of the models that came with this Backlot or an earlier one: their training is known here though they name no dataset. Read once: they lie beside the code that runs. */
export const shippedModels = (): Promise<ReadonlySet<string>> => {
  shipped ??= Promise.all([baseInput(), folderHash(SHIPPED_UPSCALER)]).then(
    ([base, upscaler]) => new Set([base.sha256, upscaler, ...EARLIER_BASES.keys()]),
  );
  return shipped;
};

export const isShipped = async (sha256: string): Promise<boolean> => (await shippedModels()).has(sha256);

const originOf = ({ maker, licence, learnedFrom, who, at }: typeof origins.$inferSelect): Origin => ({
  ...{ maker, licence, learnedFrom, who, at: at.toISOString() },
});

type PartlySaid = { [Key in keyof Said]?: Said[Key] | undefined };

/** What an import was told of an origin: all of it, or nothing. @throws BacklotError `bad-input` */
export function saidIn({ maker, licence, learnedFrom }: PartlySaid): Said | null {
  const given = { maker, licence, learnedFrom };
  if (maker !== undefined && licence !== undefined && learnedFrom !== undefined)
    return { maker, licence, learnedFrom };
  const missing = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length === Object.keys(given).length) return null;
  throw new BacklotError('bad-input', {
    expected: 'who made it, under which licence, and what it learned from: all three, or none',
    where: 'adapter import',
    found: `none of ${missing.map(optionOf).join(', ')}`,
    remedy: 'Say all of it, or nothing now and `backlot model declare` later: takes wait until then.',
  });
}

const optionOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const known = (name: string, found: string): BacklotError =>
  new BacklotError('origin-known', {
    expected: 'a model from outside',
    where: `model "${name}"`,
    found: `one that learned from ${found}`,
    remedy: 'Nothing needs to be said of it.',
  });
