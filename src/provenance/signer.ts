import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { BacklotError, messageOf } from '../contract/index.ts';
import { ask } from '../jobs/index.ts';
import { type AlgorithmName, algorithmOf, isSignedBy, plainSignature, signWith } from './algorithms.ts';
import { sha256Of } from './digest.ts';
import { ensureIdentity } from './identity.ts';
import { type Signing, signingNames, signingSchema } from './signing-schema.ts';

/** Who signs: certificates (PEM, the signer's own first, the root last), and how bytes get their signature. */
export interface Signer {
  certificates: string[];
  algorithm: AlgorithmName;
  /** sha256 of the signer's own certificate. */
  fingerprint: string;
  isTest: boolean;
  /** Where its private key is. */
  key: { file: string } | 'environment' | 'command';
  /** @returns the signature in the form that COSE keeps */
  sign: (content: Uint8Array) => Promise<Buffer>;
}

/** A person may have to touch a token before it signs. */
const COMMAND_SECONDS = 60;

/**
 * The signer that the environment names, else the workspace's test identity.
 * @param keys the workspace's folder of keys
 * @throws BacklotError `signing-settings`, `key-exposed`
 */
export async function signerOf(keys: string, environment = process.env): Promise<Signer> {
  const signing = signingIn(environment);
  const path = signing.BACKLOT_SIGN_CERTIFICATES;
  if (path === undefined) {
    const { key, leaf, root, path: file } = await ensureIdentity(keys);
    const way: Way = async (name, content) => signWith(name, key, content);
    return checked([leaf, root], way, { isTest: true, key: { file } });
  }
  return checked(await certificatesIn(path), await way(signing), { isTest: false, key: keyIn(signing) });
}

const keyIn = ({ BACKLOT_SIGN_COMMAND: command, BACKLOT_SIGN_KEY_FILE: file }: Signing): Signer['key'] =>
  command ? 'command' : file ? { file } : 'environment';

function signingIn(environment: NodeJS.ProcessEnv): Signing {
  const named = signingNames.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []));
  const parsed = signingSchema.safeParse(Object.fromEntries(named));
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  throw settings(
    'one way to sign',
    'the environment',
    found,
    'Set or unset these; without them the test identity signs.',
  );
}

/** Certificates of the file that the environment names, the last one its root; none where it names none. */
export async function namedCertificates(environment = process.env): Promise<string[]> {
  const path = environment.BACKLOT_SIGN_CERTIFICATES;
  return path ? certificatesIn(path) : [];
}

async function certificatesIn(path: string): Promise<string[]> {
  const text = await readNamed(path);
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length >= 2) return found;
  const expected = "PEM certificates: the signer's own, its issuers, the root";
  throw settings(expected, path, `${found.length} certificates`, 'Put them into one file in this order.');
}

type Way = (algorithm: AlgorithmName, content: Uint8Array) => Buffer | Promise<Buffer>;

async function way(signing: Signing): Promise<Way> {
  const { BACKLOT_SIGN_COMMAND: command, BACKLOT_SIGN_KEY_FILE: file, BACKLOT_SIGN_KEY } = signing;
  if (command) return (_, content) => ask(command, content, COMMAND_SECONDS);
  const key = file ? await privateFile(file) : (BACKLOT_SIGN_KEY ?? '');
  return (algorithm, content) => signWith(algorithm, key, content);
}

/** Each signature is checked at once: a key that is not the certificate's would only be found out by others. */
function checked(certificates: string[], way: Way, whose: Pick<Signer, 'isTest' | 'key'>): Signer {
  const [own = ''] = certificates;
  const algorithm = algorithmOf(own);
  const sign = async (content: Uint8Array) => {
    const signature = plainSignature(algorithm, await made(way, algorithm, content));
    if (isSignedBy(algorithm, own, content, signature)) return signature;
    const found = `${signature.length} bytes that its certificate does not confirm`;
    throw settings(
      `a signature (${algorithm})`,
      'the signer',
      found,
      'Key and certificate must belong together.',
    );
  };
  const fingerprint = sha256Of(new X509Certificate(own).raw);
  return { certificates, algorithm, fingerprint, ...whose, sign };
}

async function made(way: Way, algorithm: AlgorithmName, content: Uint8Array): Promise<Buffer> {
  try {
    return await way(algorithm, content);
  } catch (error) {
    if (error instanceof BacklotError) throw error;
    throw settings(
      'a private key in PEM',
      'the signer',
      messageOf(error),
      'Name the key of the certificate.',
    );
  }
}

async function privateFile(path: string): Promise<string> {
  const text = await readNamed(path);
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return text;
  throw new BacklotError('key-exposed', {
    expected: 'a private key that its owner alone can read (mode 600)',
    where: path,
    found: `mode ${(mode & 0o777).toString(8)}`,
    remedy: `Take the rights of others away: chmod 600 ${path}`,
  });
}

async function readNamed(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw settings('a file that can be read', path, messageOf(error), 'Check the path in BACKLOT_SIGN_…');
  }
}

const settings = (expected: string, where: string, found: string, remedy: string) =>
  new BacklotError('signing-settings', { expected, where, found, remedy });
