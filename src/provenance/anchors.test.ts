import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAnchors } from './anchors.ts';
import { embedManifest } from './c2pa.ts';
import { makeIdentity } from './identity.ts';
import { trainedSource } from './manifest.ts';
import { still } from './signed.test-support.ts';
import { type Signer, signerOf } from './signer.ts';
import { verifyFile } from './verify.ts';

const before = process.env.BACKLOT_KEYS;
let folder: string;
let keys: string;
let forger: Awaited<ReturnType<typeof makeIdentity>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-anchors-'));
  keys = join(folder, 'workspace', 'keys');
  process.env.BACKLOT_KEYS = join(folder, 'outside');
  await mkdir(keys, { recursive: true });
  forger = await makeIdentity();
});
afterEach(async () => {
  process.env.BACKLOT_KEYS = before;
  await rm(folder, { recursive: true });
});

/** What a person reads of a still that somebody has signed. */
async function stateOf(signer: Signer) {
  const actions = [{ action: 'c2pa.created', digitalSourceType: trainedSource }];
  const manifest = {
    ...{ title: 'a', format: 'image/png', claim_generator_info: [{ name: 'test', version: '1' }] },
    assertions: [{ label: 'c2pa.actions.v2', created: true, data: { actions } }],
  };
  const path = join(folder, 'still.png');
  await writeFile(path, await embedManifest(await still(), 'image/png', manifest, signer));
  return (await verifyFile(path, await readAnchors(keys))).state;
}

async function forged(): Promise<Signer> {
  const chain = join(folder, 'forger.pem');
  await writeFile(chain, forger.leaf + forger.root);
  return signerOf(keys, { BACKLOT_SIGN_CERTIFICATES: chain, BACKLOT_SIGN_KEY: forger.key });
}

it('the test identity that was made here is trusted', async () => {
  expect(await stateOf(await signerOf(keys, {}))).toBe('trusted');
});

it('a root that somebody has put into the workspace is not, by itself or behind the own one', async () => {
  await writeFile(join(keys, 'evil.root.pem'), forger.root);
  expect(await stateOf(await forged())).toBe('valid-unknown-signer');
  const own = await signerOf(keys, {});
  const path = join(keys, 'test-identity.root.pem');
  await writeFile(path, `${await readFile(path, 'utf8')}\n${forger.root}`);
  expect(await stateOf(await forged())).toBe('valid-unknown-signer');
  expect(await stateOf(own)).toBe('trusted');
});

it('a whole identity that was not made here signs nothing, and stays where it is', async () => {
  const theirs = `${forger.key}\n${forger.leaf}\n${forger.root}\n`;
  await writeFile(join(keys, 'test-identity.pem'), theirs);
  await writeFile(join(keys, 'test-identity.root.pem'), forger.root);
  const own = await signerOf(keys, {});
  expect(own.certificates).not.toContain(forger.leaf);
  expect(await stateOf(own)).toBe('trusted');
  expect(await stateOf(await forged())).toBe('valid-unknown-signer');
  expect(await readFile(join(keys, 'test-identity.pem'), 'utf8')).toBe(theirs);
  expect((await signerOf(keys, {})).fingerprint).toBe(own.fingerprint);
  expect(await readdir(keys)).toHaveLength(4);
});

it('a root that a person has put beside the keys is trusted, and one that cannot be read is told of', async () => {
  const roots = join(folder, 'outside', 'roots');
  await mkdir(roots, { recursive: true });
  await writeFile(join(roots, 'earlier.pem'), forger.root);
  expect(await stateOf(await forged())).toBe('trusted');
  await writeFile(join(roots, 'earlier.pem'), 'words');
  await expect(readAnchors(keys)).rejects.toMatchObject({ code: 'root-unreadable' });
});
