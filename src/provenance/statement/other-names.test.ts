import { expect, test } from 'vitest';
import { ledgerSchema } from '../../rights/index.ts';
import { holdersOf, nobodyKnown } from './holders.ts';

const film = { name: 'now.mp4', sha256: 'a'.repeat(64), also: ['before.mp4'] };
const title = (id: string, ...files: string[]) => ({
  ...{ id, name: id, files },
  shares: [{ party: 'house', share: '100%' }],
});
const seen = { id: 'seen', party: 'nora', title: 'harbour', file: 'before.mp4', shots: 'all' as const };
const ledger = (...titles: object[]) =>
  ledgerSchema.parse({
    version: 1,
    parties: ['house', 'nora'].map((id) => ({ id, kind: 'person', name: id })),
    titles,
    appearances: [{ ...seen, status: 'confirmed' }],
  });
const holders = (...titles: object[]) => holdersOf(ledger(...titles), '2026-06-01', film, null, [film]);

test('a renamed film is still whose it was, and who is seen in it under the name before is counted', () => {
  expect(holders(title('harbour', 'before.mp4'))).toMatchObject({
    title: { id: 'harbour' },
    performers: ['nora'],
  });
});

test('of a film that two titles name under names of the same bytes nobody is counted', () => {
  expect(holders(title('harbour', 'before.mp4'), title('pier', 'now.mp4'))).toEqual(nobodyKnown);
});
