import { resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Db } from '../db/index.ts';

const film = { id: 'fil_1', titleId: 'ttl_1', titleName: 'A Film', path: resolve('reels/1.mov'), facts: {} };
vi.mock('./store.ts', async (original) => ({
  ...(await original<object>()),
  listFiles: async () => [film],
  listSidecars: async () => [],
}));
vi.mock('./flags.ts', () => ({ flagsOf: () => [] }));

it('a film is shown by its path from where one stands, and refused by another', async () => {
  const { showCatalog } = await import('./show.ts');
  const { files } = await showCatalog({} as Db, 'reels/1.mov');
  expect(files.map(({ id }) => id)).toEqual(['fil_1']);
  await expect(showCatalog({} as Db, '1.mov')).rejects.toMatchObject({ code: 'not-found' });
});
