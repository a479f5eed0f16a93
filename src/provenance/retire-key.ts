import type { z } from 'zod';
import { appendAudit, type Context, isWorkspace, type Renewed, renewHeads } from '../jobs/index.ts';
import { forgetKey, retireKey } from '../trust/index.ts';
import type { RetiredKey, retireKeyInputSchema } from './key-schema.ts';
import { keysNow } from './rotate.ts';

/**
 * Puts a key out of use, or has nothing believed that it signed. Keys belong to no workspace: where one is named, its audit log says so.
 * @throws BacklotError `key-in-use`, `key-unknown`, `key-exposed`, `signature-invalid`
 */
export async function retireSigner(
  context: Context,
  { key, stolen }: z.output<typeof retireKeyInputSchema>,
): Promise<RetiredKey> {
  const retiredAt = stolen ? null : await retireKey(key);
  // While the key is still known: a head of its is checked before it is signed anew.
  const renewed: Renewed = stolen ? await renewHeads(key) : { anew: [], aside: [] };
  if (stolen) await forgetKey(key);
  if (isWorkspace(context.paths.root)) {
    const details = { stolen, anew: renewed.anew.length, aside: renewed.aside };
    await appendAudit(context.db, { who: context.who, what: 'provenance.retire-key', subject: key, details });
  }
  return { key, retiredAt, ...renewed, ...(await keysNow()) };
}
