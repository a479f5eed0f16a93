import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import { facts } from '../../rights/catalogued.test-support.ts';
import { type LedgerFile, ledgerSchema } from '../../rights/index.ts';
import type { FileRow } from '../store.ts';
import { fillAccounts, ledgerFile } from './accounts.test-support.ts';
import { holdersOf, nobodyKnown } from './holders.ts';
import { filmsKnown } from './names.ts';
import { verifyStatement, writeStatements } from './statement.ts';

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

const row = (id: string, path: string, more: object = {}) =>
  ({ id, path, sha256: id.padEnd(64, '0'), facts: { ...facts, ...more } }) as unknown as FileRow;
const known = (rows: FileRow[], asOf?: string) => [
  ...filmsKnown(rows, { asOf, rule: 'exposure-5' }).values(),
];

test('a film has the names that it had when the statement was made', () => {
  const moved = row('a', '/m/now.mp4', {
    names: ['before.mp4'],
    namedAt: { 'now.mp4': '2026-02-01T00:00:00.000Z' },
  });
  expect(known([moved], '2026-01-01T00:00:00.000Z')).toMatchObject([{ name: 'before.mp4', also: [] }]);
  expect(known([moved], '2026-03-01T00:00:00.000Z')).toMatchObject([
    { name: 'now.mp4', also: ['before.mp4'] },
  ]);
  expect(filmsKnown([moved], { asOf: undefined, rule: 'exposure-4' }).get('a')).toEqual({
    ...{ name: 'now.mp4', sha256: moved.sha256 },
  });
});

test('a name that decomposes its accents has its date too', () => {
  const [before, now] = ['before.mp4', 'caf\u00e9.mp4'].map((name) => name.normalize('NFD'));
  const moved = row('a', `/m/${now}`, {
    names: [before],
    namedAt: { [`${now}`]: '2026-02-01T00:00:00.000Z' },
  });
  expect(known([moved], '2026-01-01T00:00:00.000Z')).toMatchObject([{ name: 'before.mp4', also: [] }]);
});

test('another name of a film that is the name of other bytes does not count', () => {
  const rows = [row('a', '/m/x.mp4', { names: ['final.mp4', 'y.mp4'] }), row('b', '/m/final.mp4')];
  expect(known(rows).map(({ also }) => also)).toEqual([['y.mp4'], []]);
});

test.each(['exposure-4', 'exposure-5'])(
  'a statement by %s comes out the same once its film is found under a name of another title',
  async (rule) => {
    const { context, close } = await testContext();
    const [harbour, quarry] = ledgerFile.titles ?? [];
    const titles = [harbour, { ...quarry, files: ['quarry.mp4', 'pier.mp4'] }] as LedgerFile['titles'];
    await fillAccounts(context, { ...ledgerFile, titles });
    const to = join(context.paths.root, 'one');
    const pool = join(context.paths.root, 'pool.yaml');
    await writeFile(pool, `{version: 1, name: A, rule: ${rule}, training: {owners: 10.00 EUR}}`);
    await writeStatements(context, { from: '2026-01-01', until: '2026-01-31', pool, to });
    const { catalogFiles } = tables;
    const named = {
      facts: { ...facts, names: ['pier.mp4'], namedAt: { 'pier.mp4': new Date().toISOString() } },
    };
    await context.db.update(catalogFiles).set(named).where(eq(catalogFiles.id, 'fil_harbour'));
    expect(await verifyStatement(context, join(to, 'summary.json'))).toMatchObject({ matches: true });
    await close();
  },
);
