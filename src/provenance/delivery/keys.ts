import { stat } from 'node:fs/promises';
import { isInside, refuseKeysInside, signingPublicKey } from '../../trust/index.ts';
import type { Signer } from '../signer.ts';

/**
 * Where the keys lie that sign a delivery, and who can read them, as found just now.
 * @param root the workspace's folder
 * @throws BacklotError `keys-in-workspace`, `key-exposed`: the declaration's own key is then not used
 */
export async function keyWords(root: string, { isTest, key }: Signer): Promise<string[]> {
  const whose = `The key ${isTest ? 'of the test identity ' : ''}that signs takes`;
  refuseKeysInside(root);
  await signingPublicKey();
  return [
    `${whose} ${typeof key === 'string' ? elsewhere[key] : await fileWords(root, key.file)}`,
    "The declaration's own key lies outside the workspace's folder; only its owner can read it.",
  ];
}

const elsewhere = {
  environment: 'was given in the environment: who can read it is not known.',
  command: 'is kept by another program: who can read it is not known.',
};

async function fileWords(root: string, file: string): Promise<string> {
  const { mode } = await stat(file);
  const readers = (mode & 0o044) === 0 ? 'only its owner' : 'other accounts of this machine';
  return `lies ${isInside(root, file) ? 'inside' : 'outside'} the workspace's folder; ${readers} can read it.`;
}
