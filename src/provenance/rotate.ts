import { appendAudit, type Context, isWorkspace } from '../jobs/index.ts';
import { rotateKey, trustedFiles } from '../trust/index.ts';

/** A new key of this person; where a workspace is named, its audit log says so. Keys belong to no workspace: others do not tell of it. */
export async function rotate(context: Context): Promise<{ signing: string; trusted: string[] }> {
  const { id } = await rotateKey();
  const trusted = await trustedFiles();
  if (isWorkspace(context.paths.root)) {
    const details = { trusted: trusted.length };
    await appendAudit(context.db, { who: context.who, what: 'provenance.rotate-key', subject: id, details });
  }
  return { signing: id, trusted };
}
