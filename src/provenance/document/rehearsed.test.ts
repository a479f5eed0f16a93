import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import { type Context, folderHash, SHIPPED_BASE } from '../../jobs/index.ts';
import { fillDocumented, written } from './documented.test-support.ts';

/** Worlds that came with the base before this one. */
const EARLIER = '0cf1b7666f70b8ba1aba9afdb3262fd2e1b941bbcb2ecd939670b2e05a215b3e';

const open: (() => Promise<void>)[] = [];
afterAll(async () => void (await Promise.all(open.map((close) => close()))));

async function rehearsing(sha256: string): Promise<Context> {
  const { context, close } = await testContext();
  open.push(close);
  await fillDocumented(context, { prior: { worlds: { path: '/gone', sha256 }, share: 0.25 } });
  return context;
}

describe("an adapter that kept clips of its base's worlds in its batches", () => {
  let context: Context;
  let worlds = '';
  beforeAll(async () => {
    worlds = await folderHash(join(SHIPPED_BASE, '..', 'base-worlds'));
    context = await rehearsing(worlds);
  });

  it('names them in California, with how many there are and their share of the batches', async () => {
    const { lines } = await written(context, 'ab-2013', 'studio');
    const name = `Backlot's rendered worlds (sha256 ${worlds})`;
    expect(lines.get('(a)(1)')?.join('\n')).toContain(`${name}: clips that a program rendered`);
    expect(lines.get('(a)(3)')).toContain(
      `${name}: 128 clips; of them came 2 of the 8 clips of each batch (25 %) of the training of adapter "harbour look", 20 showings in 10 steps.`,
    );
    expect(lines.get('(a)(12)')?.join('\n')).toMatch(/Not known here: whether rendering by a program/);
    for (const item of ['2', '4', '5', '6', '7', '9', '10', '12'])
      expect(lines.get(`(a)(${item})`)?.join('\n')).toContain(name);
  });

  it('names them among the other sources of the EU summary, which is no No there', async () => {
    const { lines } = await written(context, 'eu-summary', 'studio');
    const told = lines.get('2.6') ?? [];
    expect(told[0]).toBe('Data sources other than those in sections 2.1 to 2.5: Yes.');
    expect(told.join('\n')).toContain('128 clips; of them came 2 of the 8 clips');
    expect(lines.get('1.3')?.[0]).toMatch(/without .*rendered worlds/);
  });
});

it('worlds of an earlier base are named by what came with it', async () => {
  const { lines } = await written(await rehearsing(EARLIER), 'ab-2013');
  expect(lines.get('(a)(3)')?.join('\n')).toContain(`(sha256 ${EARLIER}): 128 clips`);
});

describe('what a training had beside its dataset is not known', () => {
  it('where it came with no Backlot that is known here', async () => {
    const { lines } = await written(await rehearsing('f'.repeat(64)), 'ab-2013');
    expect(lines.get('(a)(1)')?.join('\n')).toMatch(
      /Not known here: source and owners of clips of the folder/,
    );
    expect(lines.get('(a)(3)')?.join('\n')).toMatch(
      /Not known here: how many other clips .* 2 of the 8 clips/,
    );
  });

  it('where its job is gone, or was changed', async () => {
    const context = await rehearsing(EARLIER);
    const models = await context.db.select().from(tables.trainModels);
    const [run = ''] = models.flatMap(({ runId }) => runId ?? []);
    const path = join(context.paths.runs, run, 'job.json');
    await writeFile(path, JSON.stringify({ kind: 'train', prior: null }));
    const changed = await written(context, 'ab-2013', undefined, undefined, 'changed');
    await rm(path);
    const gone = await written(context, 'ab-2013', undefined, undefined, 'gone');
    for (const { lines, document } of [changed, gone]) {
      expect(lines.get('(a)(1)')?.join('\n')).toMatch(
        /Not known here: source and owners of clips .* had beside its dataset/,
      );
      expect(document.open.join('\n')).toContain('how many clips the training of adapter "harbour look" had');
    }
  });
});
