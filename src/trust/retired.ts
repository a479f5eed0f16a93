import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { keyId, keysFolder, publicKeyAt, signingKey, trustedFiles } from './keys.ts';

/**
 * Keys that are out of use lie in `retired/`, beside `trusted/`. What one of them signed while it was in force is believed by who reads
 * what was done; nothing that lets a model train or a run go on is, which is why the engine never looks here.
 */

export interface KnownKey {
  key: KeyObject;
  /** When it went out of use; null: it is in force. */
  retiredAt: string | null;
}

/** Keys by their id. */
export type Keyring = ReadonlyMap<string, KnownKey>;

const retiredFolder = (folder: string) => join(folder, 'retired');
const retiredPath = (folder: string, id: string) => join(retiredFolder(folder), `${id}.pem`);

/** Before the key in its file; readers of PEM pass over it. */
const RETIRED_LINE = /^Retired: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)$/m;

/** Every key that is in force: what lets anything train must be signed by one of these. */
export async function trustedKeys(folder = keysFolder()): Promise<Keyring> {
  const keys = new Map<string, KnownKey>();
  for (const path of await trustedFiles(folder)) {
    const key = createPublicKey(await readFile(path));
    keys.set(keyId(key), { key, retiredAt: null });
  }
  return keys;
}

/** Every key that is believed of what was done: those in force, and those that were. @throws BacklotError `key-unreadable` */
export async function historyKeys(folder = keysFolder()): Promise<Keyring> {
  const keys = new Map<string, KnownKey>();
  for (const path of await retiredFiles(folder)) {
    const key = await publicKeyAt(path);
    keys.set(keyId(key), { key, retiredAt: retiredAtIn(path, await readFile(path, 'utf8')) });
  }
  for (const [id, known] of await trustedKeys(folder)) keys.set(id, known);
  return keys;
}

export async function retiredFiles(folder = keysFolder()): Promise<string[]> {
  const names = await readdir(retiredFolder(folder)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.pem'))
    .sort()
    .map((name) => join(retiredFolder(folder), name));
}

function retiredAtIn(path: string, text: string): string {
  const said = RETIRED_LINE.exec(text)?.[1];
  if (said !== undefined && !Number.isNaN(Date.parse(said))) return new Date(said).toISOString();
  throw new BacklotError('key-unreadable', {
    expected:
      'a line before the key that says since when it is out of use, such as `Retired: 2026-11-26T12:00:00Z`',
    where: path,
    found: 'none',
    remedy:
      'Move the file into `trusted/` and say `backlot provenance retire-key ID`, which writes the line.',
  });
}

/**
 * Puts a key out of use: from now on nothing that it signed lets anything train. A key that is out of use already stays as it is.
 * @returns since when
 * @throws BacklotError `key-in-use`, `key-unknown`, `key-unreadable`, `key-exposed`
 */
export async function retireKey(id: string, folder = keysFolder()): Promise<string> {
  await refuseSigning(id, folder);
  const all = await historyKeys(folder);
  const known = all.get(id);
  if (!known) throw unknownKey(id, folder, [...all.keys()]);
  const at = known.retiredAt ?? new Date().toISOString();
  const pem = known.key.export({ format: 'pem', type: 'spki' });
  const path = retiredPath(folder, id);
  await mkdir(retiredFolder(folder), { recursive: true, mode: 0o700 });
  // First: where this is cut off, the key is still trusted, and the same command goes on.
  await writeFile(`${path}.tmp`, `Retired: ${at}\n${pem}`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
  await removeFrom(await trustedFiles(folder), id);
  return at;
}

/** Nothing that a key signed is believed any more: somebody else may have had it. @throws BacklotError `key-in-use`, `key-exposed` */
export async function forgetKey(id: string, folder = keysFolder()): Promise<void> {
  await refuseSigning(id, folder);
  await removeFrom([...(await trustedFiles(folder)), ...(await retiredFiles(folder))], id);
}

async function removeFrom(files: readonly string[], id: string): Promise<void> {
  for (const path of files) if (keyId(await publicKeyAt(path)) === id) await rm(path);
}

async function refuseSigning(id: string, folder: string): Promise<void> {
  if ((await signingKey(folder)).id !== id) return;
  throw new BacklotError('key-in-use', {
    expected: 'a key that signs nothing any more',
    where: folder,
    found: `${id}, which signs here`,
    remedy: 'Make another first: `backlot provenance rotate-key`.',
  });
}

const unknownKey = (id: string, folder: string, known: readonly string[]): BacklotError =>
  new BacklotError('key-unknown', {
    expected: `the id of a key that lies here (${known.join(', ')})`,
    where: folder,
    found: id,
    remedy: bringBack(id, folder),
  });

/** What to do about a key that is in neither folder. */
export const bringBack = (id: string, folder = keysFolder()): string =>
  `If key ${id} was yours, or that of somebody you trust, and nobody else ever had it, put its public key (one lies beside what was exported, delivered or stated) ` +
  `into ${join(folder, 'trusted')} and say \`backlot provenance retire-key ${id}\`: what it signed is then believed as of what was done.`;
