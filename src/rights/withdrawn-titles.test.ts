import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { allowed, catalogue, forgetLedgers, importing } from './catalogued.test-support.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { revoke } from './revoke.ts';
import { revokeInputSchema } from './schema.ts';

/** The films of a withdrawn title are cleared by titles that replace it, and by no others. */

const now = '2026-05-01T09:00:00.000Z';
let context: Context;
let close: () => Promise<void>;
const sha256 = Buffer.from('harbour').toString('hex').padEnd(64, '0');
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const [harbour] = clearedFile().titles ?? [];
const [g1] = clearedFile().grants ?? [];
const two = { ...harbour, files: ['harbour.mp4', 'other.mp4'] };
const withdrawn = { ...two, withdrawn: now };
const pier = { ...harbour, id: 'pier', name: 'Pier', files: ['other.mp4'], supersedes: 'harbour' };
const quay = (file: string) => ({ ...harbour, id: 'quay', name: 'Quay', files: [file] });
const ledger = (...titles: object[]) => ({
  ...clearedFile(),
  ...{ titles, consents: [], appearances: [] },
  grants: [{ ...g1, titles: titles.map((title) => (title as { id: string }).id) }],
});

beforeEach(async () => {
  await importing(context, ledger(two));
  await revoke(context, revokeInputSchema.parse({ title: 'harbour' }), now);
});

test.each(['harbour.mp4', sha256])(
  'one that another title takes as %s, with the old title left out',
  async (file) => {
    await expect(importing(context, ledger(pier, quay(file)))).rejects.toThrow('titles/harbour: withdrawn');
    expect(await allowed(context)).toBe(0);
  },
);

test('or with the old title in the file, which names it otherwise', async () => {
  const taken = importing(context, ledger(withdrawn, pier, quay(sha256)));
  await expect(taken).rejects.toThrow('titles/harbour: files: harbour.mp4');
  expect(await allowed(context)).toBe(0);
});

test('or in two imports: the old title keeps its films also when it is out of force', async () => {
  await importing(context, ledger(withdrawn, pier));
  const fewer = { ...withdrawn, files: ['other.mp4'] };
  for (const old of [[fewer], []])
    await expect(importing(context, ledger(...old, pier, quay('harbour.mp4')))).rejects.toThrow(
      'titles/harbour: ',
    );
  expect(await allowed(context)).toBe(0);
});

test('each of its films may be cleared by a title of its own that replaces it', async () => {
  const own = { ...quay('harbour.mp4'), supersedes: 'harbour' };
  await importing(context, ledger(withdrawn, pier, own));
  expect(await allowed(context)).toBe(2);
});
