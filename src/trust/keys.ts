import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { realpathSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { BacklotError, messageOf } from '../contract/index.ts';

/**
 * Ed25519 keys of this person on this machine: `signing.pem` signs, every `trusted/<id>.pem` is believed. They lie
 * outside every workspace, so that who may change a workspace can still not sign.
 */

export interface SigningKey {
  id: string;
  key: KeyObject;
}

/** Where keys lie: `BACKLOT_KEYS`, else the person's configuration folder. The engine looks in the same place. */
export function keysFolder(): string {
  const { BACKLOT_KEYS, XDG_CONFIG_HOME } = process.env;
  return resolve(BACKLOT_KEYS || join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'backlot', 'keys'));
}

const signingPath = (folder: string) => join(folder, 'signing.pem');
const trustedFolder = (folder: string) => join(folder, 'trusted');

/** First 16 digits of the sha256 of the public key's 32 bytes. */
export const keyId = (publicKey: KeyObject): string =>
  createHash('sha256').update(rawKey(publicKey)).digest('hex').slice(0, 16);

/** The 32 bytes of an Ed25519 public key. */
export const rawKey = (publicKey: KeyObject): Buffer =>
  publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);

/** The key that signs, made on first use. @throws BacklotError `key-exposed`, `key-unreadable` */
export async function signingKey(folder = keysFolder()): Promise<SigningKey> {
  const path = signingPath(folder);
  if (!(await stat(path).catch(() => null))) await addFirstKey(folder);
  const { mode } = await stat(path);
  const key = privateKeyOf(path, await readFile(path, 'utf8'));
  const id = keyId(createPublicKey(key));
  if ((mode & 0o077) !== 0) throw exposed(path, mode, id);
  return { id, key };
}

export const signingKeyId = async (): Promise<string> => (await signingKey()).id;

/** The public half of the key that signs, as PEM: what others need to check its signatures. */
export async function signingPublicKey(folder = keysFolder()): Promise<string> {
  const { key } = await signingKey(folder);
  return String(createPublicKey(key).export({ format: 'pem', type: 'spki' }));
}

/** A public key that somebody was given. @throws BacklotError `key-unreadable` */
export async function publicKeyAt(path: string): Promise<KeyObject> {
  try {
    const key = createPublicKey(await readFile(path));
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`a key of type ${key.asymmetricKeyType}`);
  } catch (error) {
    throw new BacklotError('key-unreadable', {
      expected: 'an Ed25519 public key in PEM',
      where: path,
      found: messageOf(error),
      remedy: 'Ask who signed for the key again, by a way that nobody in between can change.',
    });
  }
}

/** @throws BacklotError `key-unreadable` */
export const keyIdAt = async (path: string): Promise<string> => keyId(await publicKeyAt(path));

/** Files of the keys that are in force. */
export async function trustedFiles(folder = keysFolder()): Promise<string[]> {
  const names = await readdir(trustedFolder(folder)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.pem'))
    .sort()
    .map((name) => join(trustedFolder(folder), name));
}

/** A new key signs from now on. What the old one signed stays trusted until it is retired. */
export async function rotateKey(folder = keysFolder()): Promise<SigningKey> {
  const { draft } = await draftKey(folder);
  await rename(draft, signingPath(folder));
  return signingKey(folder);
}

/** Two commands that start at once make one key: the second finds the first one's file in place. */
async function addFirstKey(folder: string): Promise<void> {
  const { draft, trusted } = await draftKey(folder);
  try {
    await link(draft, signingPath(folder));
  } catch (error) {
    await rm(trusted);
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
}

/** A new key pair in files: the public one among the trusted, the private one under a temporary name. */
async function draftKey(folder: string): Promise<{ draft: string; trusted: string }> {
  await mkdir(trustedFolder(folder), { recursive: true, mode: 0o700 });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const id = keyId(publicKey);
  const draft = join(folder, `signing.${id}.tmp`);
  await writeFile(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  const trusted = join(trustedFolder(folder), `${id}.pem`);
  await writeFile(trusted, publicKey.export({ format: 'pem', type: 'spki' }), { mode: 0o600 });
  return { draft, trusted };
}

/** @throws BacklotError `keys-in-workspace`: who can change the workspace could sign */
export function refuseKeysInside(root: string, folder = keysFolder()): void {
  if (!isInside(root, folder)) return;
  throw new BacklotError('keys-in-workspace', {
    expected: 'signing keys outside the workspace',
    where: folder,
    found: `a folder of the workspace ${root}`,
    remedy: 'Name another folder in BACKLOT_KEYS, or another workspace with --workspace.',
  });
}

/** Whether a path, its links followed, is a folder or lies in it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(trueWay(resolve(folder)), trueWay(resolve(path)));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path without links, as far as it is there. */
function trueWay(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const up = dirname(path);
    return up === path ? path : join(trueWay(up), basename(path));
  }
}

function privateKeyOf(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new BacklotError('key-unreadable', {
      expected: 'an Ed25519 private key in PEM',
      where: path,
      found: String(error),
      remedy: 'Restore the file from a backup, or move it away: a new key is then made.',
    });
  }
}

const exposed = (path: string, mode: number, id: string) =>
  new BacklotError('key-exposed', {
    expected: 'a key that only its owner can read (mode 600)',
    where: path,
    found: `mode ${(mode & 0o777).toString(8)}`,
    remedy: `Make a new key with \`backlot provenance rotate-key\`, then \`backlot provenance retire-key ${id} --stolen\`: somebody may have read this one.`,
  });
