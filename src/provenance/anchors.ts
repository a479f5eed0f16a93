import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namedCertificates } from './signer.ts';

/**
 * The root certificates that this workspace trusts, PEM: every `*.root.pem` in its folder of keys, and that of the
 * signer whom the environment names; null where there is none.
 */
export async function readAnchors(keys: string): Promise<string | null> {
  const names = (await readdir(keys).catch(() => [])).filter((name) => name.endsWith('.root.pem')).sort();
  const kept = await Promise.all(names.map((name) => readFile(join(keys, name), 'utf8')));
  const anchors = [...kept, ...(await namedCertificates()).slice(-1)];
  return anchors.length > 0 ? anchors.join('\n') : null;
}
