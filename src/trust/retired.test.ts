import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { envelopeOf, readSigned, readSignedBy, signed } from './envelope.ts';
import { rotateKey, signingKey } from './keys.ts';
import { leaveOutcome, permitWithoutKey } from './mark.test-support.ts';
import { hasKeylessPermit, readMarked, unknownSigner } from './mark.ts';
import { forgetKey, retireKey } from './retired.ts';

const before = process.env.BACKLOT_KEYS;
let folder: string;
const keys = (...names: string[]) => join(folder, 'keys', ...names);
const TYPE = 'application/vnd.backlot.audit-head+json';
const now = () => ({ at: new Date().toISOString() });
const read = (text: string) => readSigned(text, TYPE, 'the file');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-retired-'));
  process.env.BACKLOT_KEYS = keys();
});
afterEach(async () => {
  vi.useRealTimers();
  process.env.BACKLOT_KEYS = before;
  await rm(folder, { recursive: true, force: true });
});

/** The key that signed until now, out of use. */
async function retired(): Promise<string> {
  const { id } = await signingKey();
  await rotateKey();
  await retireKey(id);
  return id;
}

it('what a key signed before it was retired is still read, with since when the key is out of use', async () => {
  const text = await signed(TYPE, now());
  const id = await retired();
  expect(await readdir(keys('retired'))).toEqual([`${id}.pem`]);
  expect(await readdir(keys('trusted'))).not.toContain(`${id}.pem`);
  const found = await readSignedBy(undefined, text, TYPE, 'the file');
  expect(found).toMatchObject({ key: id, retiredAt: expect.stringMatching(/Z$/) });
  expect(await readSignedBy(keys('retired', `${id}.pem`), text, TYPE, 'x')).toMatchObject({ key: id });
});

it('what a retired key signs later is refused, and what does not say when', async () => {
  const old = await signingKey();
  const id = await retired();
  vi.useFakeTimers({ now: Date.now() + 60_000 });
  const by = (statement: object) => read(JSON.stringify(envelopeOf(TYPE, statement, old)));
  await expect(by(now())).rejects.toThrow(`signature of key ${id} from after`);
  await expect(by({ at: 'soon' })).rejects.toMatchObject({ code: 'signature-invalid' });
  await expect(by({})).rejects.toMatchObject({ code: 'signature-invalid' });
});

it('retired twice it is out of use since the first time; the key that signs and a stranger are refused', async () => {
  const id = await retired();
  const file = await readFile(keys('retired', `${id}.pem`), 'utf8');
  await retireKey(id);
  expect(await readFile(keys('retired', `${id}.pem`), 'utf8')).toBe(file);
  await expect(retireKey((await signingKey()).id)).rejects.toMatchObject({ code: 'key-in-use' });
  await expect(forgetKey((await signingKey()).id)).rejects.toMatchObject({ code: 'key-in-use' });
  await expect(retireKey('0'.repeat(16))).rejects.toMatchObject({ code: 'key-unknown' });
});

it('a stolen key is believed of nothing, and the error names it with what makes it believed again', async () => {
  const text = await signed(TYPE, now());
  const { id } = await signingKey();
  await copyFile(keys('trusted', `${id}.pem`), join(folder, 'published.pem'));
  await retired();
  await forgetKey(id);
  expect(existsSync(keys('retired', `${id}.pem`))).toBe(false);
  await expect(read(text)).rejects.toThrow(new RegExp(`${id}.*\`backlot provenance retire-key ${id}\``));
  await copyFile(join(folder, 'published.pem'), keys('trusted', 'any name.pem'));
  await retireKey(id);
  expect(await read(text)).toHaveProperty('at');
  expect(await readdir(keys('trusted'))).not.toContain('any name.pem');
});

it('a file put among the retired by hand must say since when', async () => {
  const id = await retired();
  const path = keys('retired', `${id}.pem`);
  await writeFile(path, (await readFile(path, 'utf8')).replace(/^Retired.*\n/, ''));
  await expect(read(await signed(TYPE, now()))).rejects.toThrow('since when it is out of use');
});

it("a run's outcome stays marked for who reads what was done, and for nobody who goes on with it", async () => {
  await mkdir(join(folder, 'run_1'));
  await writeFile(join(folder, 'run_1', 'job.json'), 'the job');
  await leaveOutcome(join(folder, 'run_1'), 'run_1', { status: 'succeeded' });
  const marked = (by: 'trusted' | 'history') =>
    readMarked(join(folder, 'run_1'), 'outcome.json', { id: 'run_1', text: 'the job' }, by);
  const id = await retired();
  expect(String(await marked('history'))).toContain('succeeded');
  await expect(marked('trusted')).rejects.toMatchObject({ code: 'mark-invalid' });
  expect(await unknownSigner(join(folder, 'run_1'))).toBeNull();
  await forgetKey(id);
  await expect(marked('history')).rejects.toMatchObject({ code: 'mark-invalid' });
  expect(await unknownSigner(join(folder, 'run_1'))).toBe(id);
});

it('a permit of before runs had keys is told by its signer too', async () => {
  const run = join(folder, 'run_2');
  await mkdir(run);
  await writeFile(join(run, 'job.json'), 'the job');
  await permitWithoutKey(run, 'run_2');
  const isEarlier = () => hasKeylessPermit(run, { id: 'run_2', text: 'the job' });
  const id = await retired();
  expect(await isEarlier()).toBe(true);
  await forgetKey(id);
  expect([await isEarlier(), await unknownSigner(run)]).toEqual([false, id]);
});
