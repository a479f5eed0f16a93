import { join } from 'node:path';
import { writeOnce } from '../jobs/index.ts';
import { signingPublicKey } from '../trust/index.ts';

/** Beside what leaves: whether it is the studio's they must know from the studio. @returns where */
export async function writeKey(folder: string, name = 'signing-key.pem'): Promise<string> {
  const path = join(folder, name);
  await writeOnce(path, await signingPublicKey());
  return path;
}
