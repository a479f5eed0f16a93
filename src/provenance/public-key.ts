import { join } from 'node:path';
import { writeOnce } from '../jobs/index.ts';
import { signingPublicKey } from '../trust/index.ts';

/** Its name in a folder that leaves. */
export const keyName = 'signing-key.pem';

/** Beside what leaves: whether it is the studio's they must know from the studio. @returns where */
export async function writeKey(folder: string, name = keyName): Promise<string> {
  const path = join(folder, name);
  await writeOnce(path, await signingPublicKey());
  return path;
}
