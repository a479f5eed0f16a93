import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import type { Context } from '../../jobs/index.ts';
import type { DocumentKind } from '../document-schema.ts';
import { withdraw } from '../withdraw.ts';
import { fillDocumented, written } from './documented.test-support.ts';

let context: Context;
let close: () => Promise<void>;
const writtenTo = (folder: string, kind: DocumentKind) =>
  written(context, kind, undefined, undefined, folder);
const textOf = (lines: string[] | undefined) => lines?.join('\n') ?? '';

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillDocumented(context);
  await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
});
afterAll(() => close());

describe('documents about a model after one of its titles was withdrawn', () => {
  it('still name owners, grants, people and things of others', async () => {
    const { lines } = await writtenTo('after', 'ab-2013');
    expect(lines.get('(a)(1)')).toEqual([
      'harbour: Example Studio, 100%; granted by g-harbour',
      'quarry: House of *Quarry*, 100%; granted by g-quarry',
    ]);
    expect(textOf(lines.get('(a)(5)'))).toContain(
      'Things of others that the ledger names in the films: music 1.',
    );
    expect(textOf(lines.get('(a)(6)'))).toContain('grants g-harbour, g-quarry');
    expect(textOf(lines.get('(a)(7)'))).toContain('pictures of 1 person whom');
    const eu = await writtenTo('after', 'eu-summary');
    expect(textOf(eu.lines.get('2.2.1'))).toContain('Granted: quarry');
  });

  it('say which row was withdrawn and what it blocks', async () => {
    const { document, files } = await writtenTo('withdrawn', 'ab-2013');
    expect(document.withdrawn).toMatchObject([
      { kind: 'model', id: 'mdl_1', row: 'titles/harbour' },
      { kind: 'snapshot', id: 'dst_1' },
    ]);
    expect(await readFile(files[0] ?? '', 'utf8')).toMatch(
      /WITHDRAWN: titles\/harbour \(harbour\), withdrawn \d{4}-\d\d-\d\d, has reached model mdl\\_1; it is blocked\./,
    );
  });
});

describe('documents about a model of which a second title was withdrawn', () => {
  it('name both, with what the first says still', async () => {
    await withdraw(context, { territory: 'world', dryRun: false, title: 'quarry' });
    const { document, files } = await writtenTo('twice', 'ab-2013');
    expect(document.withdrawn.map(({ id, row }) => `${row} ${id}`)).toEqual([
      ...['titles/harbour mdl_1', 'titles/quarry mdl_1'],
      ...['titles/harbour dst_1', 'titles/quarry dst_1'],
    ]);
    const text = await readFile(files[0] ?? '', 'utf8');
    for (const title of ['harbour', 'quarry'])
      expect(text).toContain(`WITHDRAWN: titles/${title} (${title}), withdrawn`);
  });
});

describe('documents about a model whose clips no longer say where they came from', () => {
  beforeAll(() => rm(join(context.paths.datasets, 'one', 'clips.jsonl'), { force: true }));

  it('know films and owners by the shots, and call the grants not known', async () => {
    const { lines, document } = await writtenTo('earlier', 'ab-2013');
    expect(lines.get('(a)(1)')?.[0]).toBe(
      'harbour: Example Studio, 100%; by which grants it was cleared is not known here',
    );
    expect(lines.get('(a)(6)')?.[0]).toMatch(/^Not known here: by which grants the clips of dataset dst_1/);
    expect(textOf(lines.get('(a)(7)'))).toContain('pictures of 1 person whom');
    expect(document.open.join(' ')).toContain('where its clips came from cannot be read');
  });

  it('call owners not known, not absent, where the shots are gone too', async () => {
    await context.db.delete(tables.shotsShots);
    for (const kind of ['ab-2013', 'eu-summary'] as const) {
      const { document } = await writtenTo('nothing', kind);
      const text = JSON.stringify(document.sections);
      expect(text).not.toContain('No dataset of this workspace');
      expect(text).not.toContain('rightsholders: No.');
      expect(text).not.toContain('ledger names none in the shots');
      expect(text).not.toContain('films: none.');
      expect(text).toContain('who owns the films of harbour, quarry in dataset dst_1');
    }
  });
});
