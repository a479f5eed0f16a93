import { defineOperation, type Operation } from '../jobs/context.ts';
import {
  addInputSchema,
  addOutputSchema,
  listInputSchema,
  listOutputSchema,
  showInputSchema,
  showOutputSchema,
} from './schema.ts';
import { addedInWords, listInWords, shownInWords } from './words.ts';

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'catalog.add',
    summary: 'Add films and their sidecars; every frame is decoded once, masters are only read',
    example: 'catalog add "/masters/The Long Way" --title "The Long Way"',
    input: addInputSchema,
    output: addOutputSchema,
    positional: ['paths'],
    background: true,
    begins: true,
    handler: async (context, input) => (await import('./add.ts')).addFiles(context, input),
    exitCode: ({ added, known, refused }) =>
      refused.length > 0 && added.length + known.length === 0 ? 1 : 0,
    show: addedInWords,
  }),
  defineOperation({
    name: 'catalog.list',
    summary: 'Titles with their files, and what was refused and why',
    example: 'catalog list',
    input: listInputSchema,
    output: listOutputSchema,
    handler: async ({ db }) => (await import('./show.ts')).listCatalog(db),
    show: listInWords,
  }),
  defineOperation({
    name: 'catalog.show',
    summary: 'Everything known of a file, or of the files of a title',
    example: 'catalog show "The Long Way"',
    input: showInputSchema,
    output: showOutputSchema,
    positional: ['id'],
    handler: async ({ db }, { id, at }) => (await import('./show.ts')).showCatalog(db, id, at),
    show: shownInWords,
  }),
] as readonly Operation[];
