import { describe, expect, test } from 'vitest';
import { readLedger } from './read.ts';
import { refusal, withRow } from './refusals.test-support.ts';
import { good, head, refusal as registerRefusal, useWorkspace } from './register.test-support.ts';
import { askSchema } from './schema.ts';

useWorkspace();

const ban = { id: 'r1', titles: 'all', uses: 'all', territories: ['world'], reason: 'no' };
const words = ['all', 'All', 'ANY', ' any ', 'every', 'Alle', '*', 'any model', 'All models'];

describe('a word that means all is no name of a model', () => {
  test.each(words)('%j in a ledger file', (word) => {
    const told = refusal(withRow('restrictions', { ...ban, models: ['wan', word] })).join('\n');
    expect(told).toContain('models[1]: expected the name of one model, found');
    expect(told).toContain('Leave models out where it is for all of them');
  });

  test('nor as a text instead of a list', () => {
    const told = refusal(withRow('restrictions', { ...ban, models: 'all' })).join('\n');
    expect(told).toContain('models: expected a list of names of models, and none at all for any model');
  });

  test.each(words.filter((word) => word !== 'all'))('%j in a column of a register', async (word) => {
    const told = (await registerRefusal([`${head},Models`, `${good[0]},${word}`].join('\n'))).join('\n');
    expect(told).toContain('row 2, column "Models" (models): expected the name of one model, found');
    expect(told).toContain('leave the cell empty');
  });

  test('nor "all" by itself in a register, nor of all its rows', async () => {
    const told = await registerRefusal([`${head},Models`, `${good[0]},all`].join('\n'));
    expect(told.join('\n')).toContain(
      'column "Models" (models): expected a list of names of models, and none',
    );
    const mapped = await registerRefusal([head, ...good].join('\n'), (yaml) =>
      yaml.replace('values: {}', 'values: {models: [Any]}'),
    );
    expect(mapped.join('\n')).toContain('row 2, models: expected the name of one model, found "Any"');
  });

  test('nor in a question', () => {
    for (const model of words) expect(askSchema.safeParse({ model }).success, model).toBe(false);
    expect(askSchema.parse({ model: 'Allegro' }).model).toBe('Allegro');
  });

  test('what only begins so is one', () => {
    const text = withRow('restrictions', { ...ban, models: ['Allegro', 'any-2'] });
    expect(readLedger(text, 'ledger.yaml').restrictions).toHaveLength(1);
  });
});
