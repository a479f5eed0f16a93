import { givenRoots } from '../trust/index.ts';
import { rootsMadeHere } from './identity.ts';
import { namedCertificates } from './signer.ts';

/**
 * The root certificates that are trusted here, PEM: those that a person put beside the keys, that of the signer whom the environment names,
 * and of the workspace's own folder `keys` only roots of test identities that were made here. Null where there is none.
 * @throws BacklotError `root-unreadable`, `signing-settings`
 */
export async function readAnchors(keys: string): Promise<string | null> {
  const made = (await rootsMadeHere(keys)).map(({ root }) => root);
  const anchors = [...(await givenRoots()), ...made, ...(await namedCertificates()).slice(-1)];
  return anchors.length > 0 ? anchors.join('\n') : null;
}
