import { randomBytes, webcrypto } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Extension, X509Certificate } from '@peculiar/x509';
import { BacklotError } from '../contract/index.ts';
import { pinnedRoot, pinRoot } from '../trust/index.ts';
import { sha256Of } from './digest.ts';

/** An ES256 key and its certificates, each PEM. `key` is PKCS#8 and never leaves this machine. */
interface Made {
  key: string;
  leaf: string;
  root: string;
}

/** Who signs, and where its key lies. */
export interface Identity extends Made {
  path: string;
}

export const TEST_IDENTITY = 'Backlot test identity';
const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** C2PA's list of default purposes for a signer's certificate holds e-mail protection. */
const emailProtection = '1.3.6.1.5.5.7.3.4';
/** Without a time-stamp authority a signature is worth as long as its certificate: made to outlive the tests. */
const validYears = 10;

const FIRST_NAME = 'test-identity';
const [KEY_END, ROOT_END] = ['.pem', '.root.pem'];

/**
 * The identity of folder `keys` that was made here, made on first use. Files with the key have mode 0600. One that was not made here stays
 * where it is and signs nothing: who can write the workspace could have put it there.
 * @throws BacklotError `identity-unreadable`
 */
export async function ensureIdentity(keys: string): Promise<Identity> {
  for (const { name, root } of await rootsMadeHere(keys)) {
    const present = await readIdentity(join(keys, name.replace(ROOT_END, KEY_END)), root);
    if (present) return present;
  }
  return addIdentity(keys, await readdir(keys).catch(() => []));
}

/** Roots in folder `keys`, PEM, that this installation has made: any other file there is whoever's that can write the workspace. */
export async function rootsMadeHere(keys: string): Promise<{ name: string; root: string }[]> {
  const names = (await readdir(keys).catch(() => [])).filter((name) => name.endsWith(ROOT_END)).sort();
  const found: { name: string; root: string }[] = [];
  for (const name of names) {
    const root = await pinnedRoot(await readFile(join(keys, name), 'utf8').catch(() => ''));
    if (root !== null) found.push({ name, root });
  }
  return found;
}

/** @param names of the folder's files, of which none is replaced */
async function addIdentity(keys: string, names: readonly string[]): Promise<Identity> {
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const identity = await makeIdentity();
  const isFree = !names.some((name) => [FIRST_NAME + KEY_END, FIRST_NAME + ROOT_END].includes(name));
  const name = isFree ? FIRST_NAME : `${FIRST_NAME}-${sha256Of(identity.root).slice(0, 12)}`;
  await pinRoot(identity.root);
  await writeFile(join(keys, name + ROOT_END), identity.root);
  const path = join(keys, name + KEY_END);
  await writePrivate(path, `${identity.key}\n${identity.leaf}\n${identity.root}\n`);
  return { ...identity, path };
}

/**
 * A new root and a leaf signed by it. The root's key is forgotten here, so that nobody, not even this
 * workspace, can issue a second certificate that passes as the first.
 * @param kind of the leaf's key
 */
export async function makeIdentity(name = TEST_IDENTITY, kind: KeyKind = curve): Promise<Made> {
  const x509 = await loadX509();
  const [rootKeys, leafKeys] = await Promise.all([newKeys(curve), newKeys(kind)]);
  const root = await certify(x509, `${name} root`, rootKeys.publicKey, null, rootKeys);
  const leaf = await certify(x509, name, leafKeys.publicKey, root, rootKeys);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey);
  return {
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    leaf: leaf.toString('pem'),
    root: root.toString('pem'),
  };
}

type X509 = typeof import('@peculiar/x509');

/** Loaded when an identity is made and never else: the library needs a polyfill of reflection, and is slow to start. */
async function loadX509(): Promise<X509> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  return x509;
}

type KeyKind = webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams;

const newKeys = (kind: KeyKind) =>
  webcrypto.subtle.generateKey(kind, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

/** A certificate for `publicKey`; `issuer` null makes it a root of its own. */
async function certify(
  x509: X509,
  name: string,
  publicKey: webcrypto.CryptoKey,
  issuer: X509Certificate | null,
  signer: webcrypto.CryptoKeyPair,
): Promise<X509Certificate> {
  const subject = `CN=${name}, O=Backlot test identity made on this machine`;
  const notAfter = new Date();
  notAfter.setFullYear(notAfter.getFullYear() + validYears);
  return x509.X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    subject,
    issuer: issuer?.subject ?? subject,
    notBefore: new Date(Date.now() - 24 * 3600 * 1000),
    notAfter,
    publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: curve,
    extensions: await extensionsOf(x509, publicKey, issuer === null, signer.publicKey),
  });
}

async function extensionsOf(
  x509: X509,
  own: webcrypto.CryptoKey,
  isRoot: boolean,
  issuer: webcrypto.CryptoKey,
): Promise<Extension[]> {
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  const common = [
    new x509.BasicConstraintsExtension(isRoot, undefined, true),
    new x509.KeyUsagesExtension(isRoot ? keyCertSign | cRLSign : digitalSignature, true),
    await x509.SubjectKeyIdentifierExtension.create(own),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
  ];
  return isRoot ? common : [...common, new x509.ExtendedKeyUsageExtension([emailProtection])];
}

/** @param root that was made here: the file's own is not believed */
async function readIdentity(path: string, root: string): Promise<Identity | null> {
  const text = await readIfPresent(path);
  if (text === null) return null;
  const [key, leaf, own] = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  if (key && leaf && own) return { key, leaf, root, path };
  throw new BacklotError('identity-unreadable', {
    expected: 'a private key, a leaf and a root certificate in PEM',
    where: path,
    found: 'fewer blocks than that',
    remedy:
      'Restore the file from a backup, or move it away: a new identity is then made, and files signed before are no longer trusted here.',
  });
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, and readable by its owner alone from the first byte on. */
async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}
