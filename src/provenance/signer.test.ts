import { type webcrypto, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { embedManifest, readManifest } from './c2pa.ts';
import { makeIdentity, TEST_IDENTITY } from './identity.ts';
import { trainedSource } from './manifest.ts';
import { still } from './signed.test-support.ts';
import { signerOf } from './signer.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const content = Buffer.from('bytes to be signed');

/** Signs what comes on stdin with the key in a file, as OpenSSL and key services do: two numbers in DER. */
const program = `
import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
process.stdout.write(sign('sha256', readFileSync(0), readFileSync(process.argv[2])));`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-signer-'));
  const studio = await makeIdentity('A studio');
  await writeFile(at('chain.pem'), `${studio.leaf}\n${studio.root}\n`);
  await writeFile(at('root.pem'), studio.root);
  await writeFile(at('key.pem'), studio.key, { mode: 0o600 });
  await writeFile(at('open-key.pem'), studio.key, { mode: 0o644 });
  await writeFile(at('other-key.pem'), (await makeIdentity()).key, { mode: 0o600 });
  await writeFile(at('sign.mjs'), program);
});
afterAll(() => rm(folder, { recursive: true }));

const withKey = (more: object) =>
  signerOf(at('keys'), { BACKLOT_SIGN_CERTIFICATES: at('chain.pem'), ...more });
const command = (...args: string[]) => JSON.stringify([process.execPath, ...args]);

const manifest = {
  ...{ title: 'a', format: 'image/png', claim_generator_info: [{ name: 'test', version: '1' }] },
  assertions: [
    {
      ...{ label: 'c2pa.actions.v2', created: true },
      data: { actions: [{ action: 'c2pa.created', digitalSourceType: trainedSource }] },
    },
  ],
};

test.each([
  ['a file', async () => ({ BACKLOT_SIGN_KEY_FILE: at('key.pem') })],
  ['the environment', async () => ({ BACKLOT_SIGN_KEY: await readFile(at('key.pem'), 'utf8') })],
  ['a command', async () => ({ BACKLOT_SIGN_COMMAND: command(at('sign.mjs'), at('key.pem')) })],
])("what is signed with a key from %s is the studio's, and trusted by its root", async (_, where) => {
  const signer = await withKey(await where());
  const signed = await embedManifest(await still(), 'image/png', manifest, signer);
  const reading = await readManifest(signed, 'image/png', await readFile(at('root.pem'), 'utf8'));
  expect(reading?.state).toBe('Trusted');
  expect(reading?.manifests[0]?.signature_info?.common_name).toBe('A studio');
});

test('without any of it, the test identity signs and says that it is one', async () => {
  const { certificates } = await signerOf(at('keys'), {});
  expect(new X509Certificate(certificates[0] ?? '').subject).toContain(TEST_IDENTITY);
});

describe('an error says what to do', () => {
  const refused = async (more: object) => (await withKey(more)).sign(content);

  it.each([
    ['no key', async () => ({}), 'with one of BACKLOT_SIGN_KEY_FILE'],
    [
      'two keys',
      async () => ({ BACKLOT_SIGN_KEY: 'x', BACKLOT_SIGN_KEY_FILE: at('key.pem') }),
      'with one of',
    ],
    ['a shell line', async () => ({ BACKLOT_SIGN_COMMAND: 'sign < in > out' }), 'expected a JSON array'],
    [
      'a key of another certificate',
      async () => ({ BACKLOT_SIGN_KEY_FILE: at('other-key.pem') }),
      'does not confirm',
    ],
    ['something that is no key', async () => ({ BACKLOT_SIGN_KEY: 'secret words' }), 'a private key in PEM'],
    ['a missing file', async () => ({ BACKLOT_SIGN_KEY_FILE: at('none.pem') }), 'none.pem'],
  ])('%s', async (_, more, words) => {
    await expect(refused(await more())).rejects.toMatchObject({
      code: 'signing-settings',
      message: expect.stringContaining(words),
    });
  });

  it('a key that others can read', async () => {
    await expect(refused({ BACKLOT_SIGN_KEY_FILE: at('open-key.pem') })).rejects.toMatchObject({
      code: 'key-exposed',
    });
  });

  it('a key without certificates', async () => {
    await expect(signerOf(at('keys'), { BACKLOT_SIGN_KEY_FILE: at('key.pem') })).rejects.toMatchObject({
      code: 'signing-settings',
    });
  });

  it('one certificate without its root', async () => {
    const alone = { BACKLOT_SIGN_CERTIFICATES: at('root.pem'), BACKLOT_SIGN_KEY_FILE: at('key.pem') };
    await expect(signerOf(at('keys'), alone)).rejects.toMatchObject({ code: 'signing-settings' });
  });

  it('a command that fails, in its own words, and one that is not there', async () => {
    await expect(
      refused({ BACKLOT_SIGN_COMMAND: command(at('sign.mjs'), at('no-key')) }),
    ).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringContaining('no-key'),
    });
    await expect(refused({ BACKLOT_SIGN_COMMAND: '["no-such-program"]' })).rejects.toMatchObject({
      code: 'command-failed',
    });
  });
});

describe('other kinds of key than the test identity has', () => {
  const sha = (size: number) => `SHA-${size}`;
  it.each([
    ['es384', { name: 'ECDSA', namedCurve: 'P-384', hash: sha(384) }],
    ['ed25519', { name: 'Ed25519' }],
    [
      'ps256',
      {
        ...{ name: 'RSASSA-PKCS1-v1_5', hash: sha(256), modulusLength: 2048 },
        publicExponent: new Uint8Array([1, 0, 1]),
      },
    ],
  ])('%s reads back as trusted', async (name, kind) => {
    const { leaf, root, key } = await makeIdentity('A studio', kind as webcrypto.EcKeyGenParams);
    await writeFile(at('kind.pem'), leaf + root);
    const chosen = { BACKLOT_SIGN_CERTIFICATES: at('kind.pem'), BACKLOT_SIGN_KEY: key };
    const signer = await signerOf(at('keys'), chosen);
    expect(signer.algorithm).toBe(name);
    const signed = await embedManifest(await still(), 'image/png', manifest, signer);
    expect((await readManifest(signed, 'image/png', root))?.state).toBe('Trusted');
  });
});
