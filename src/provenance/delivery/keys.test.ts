import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signerOf } from '../signer.ts';
import { keyWords } from './keys.ts';

let root: string;
let elsewhere: string;
let pem: string;
const identity = () => join(root, 'keys', 'test-identity.pem');
const studio = () => join(elsewhere, 'studio.pem');

beforeAll(async () => {
  [root, elsewhere] = [await mkdtemp(join(tmpdir(), 'backlot-')), await mkdtemp(join(tmpdir(), 'backlot-'))];
  await signerOf(join(root, 'keys'), {});
  pem = await readFile(identity(), 'utf8');
  await writeFile(studio(), pem, { mode: 0o600 });
});
afterAll(async () => {
  for (const folder of [root, elsewhere]) await rm(folder, { recursive: true });
});

const wordsFor = async (environment: NodeJS.ProcessEnv = {}) =>
  keyWords(root, await signerOf(join(root, 'keys'), environment));
const withKey = (more: object) => wordsFor({ BACKLOT_SIGN_CERTIFICATES: studio(), ...more });

const own = "The declaration's own key lies outside the workspace's folder; only its owner can read it.";

test('the key of the test identity lies in the workspace, and is said to be readable where it is', async () => {
  const inside = "The key of the test identity that signs takes lies inside the workspace's folder;";
  expect(await wordsFor()).toEqual([`${inside} only its owner can read it.`, own]);
  await chmod(identity(), 0o644);
  expect(await wordsFor()).toEqual([`${inside} other accounts of this machine can read it.`, own]);
  await chmod(identity(), 0o600);
});

test("a studio's key is where its file is, in the workspace too", async () => {
  expect(await withKey({ BACKLOT_SIGN_KEY_FILE: studio() })).toEqual([
    "The key that signs takes lies outside the workspace's folder; only its owner can read it.",
    own,
  ]);
  expect((await withKey({ BACKLOT_SIGN_KEY_FILE: identity() }))[0]).toContain(
    "inside the workspace's folder;",
  );
});

test('who can read a key that lies in no file is not claimed', async () => {
  const [given] = await withKey({ BACKLOT_SIGN_KEY: pem });
  expect(given).toBe('The key that signs takes was given in the environment: who can read it is not known.');
  const [asked] = await withKey({ BACKLOT_SIGN_COMMAND: '["/opt/hsm/sign"]' });
  expect(asked).toBe('The key that signs takes is kept by another program: who can read it is not known.');
});
