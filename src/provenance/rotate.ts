import { appendAudit, type Context, isWorkspace } from '../jobs/index.ts';
import { retiredFiles, rotateKey, signingKeyId, trustedFiles } from '../trust/index.ts';
import type { KeysNow } from './key-schema.ts';

/** A new key of this person; where a workspace is named, its audit log says so. Keys belong to no workspace: others do not tell of it. */
export async function rotate(context: Context): Promise<KeysNow> {
  const { id } = await rotateKey();
  const now = await keysNow();
  if (isWorkspace(context.paths.root)) {
    const details = { trusted: now.trusted.length };
    await appendAudit(context.db, { who: context.who, what: 'provenance.rotate-key', subject: id, details });
  }
  return now;
}

export const keysNow = async (): Promise<KeysNow> => ({
  signing: await signingKeyId(),
  trusted: await trustedFiles(),
  retired: await retiredFiles(),
});
