import { defineOperation, type Operation } from '../jobs/index.ts';
import { addFiles } from './add.ts';
import {
  addInputSchema,
  addOutputSchema,
  listInputSchema,
  listOutputSchema,
  showInputSchema,
  showOutputSchema,
} from './schema.ts';
import { listCatalog, showCatalog } from './show.ts';
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
    handler: addFiles,
    show: addedInWords,
  }),
  defineOperation({
    name: 'catalog.list',
    summary: 'Titles with their files, and what was refused and why',
    example: 'catalog list',
    input: listInputSchema,
    output: listOutputSchema,
    handler: (context) => listCatalog(context.db),
    show: listInWords,
  }),
  defineOperation({
    name: 'catalog.show',
    summary: 'Everything known of a file, or of the files of a title',
    example: 'catalog show "The Long Way"',
    input: showInputSchema,
    output: showOutputSchema,
    positional: ['id'],
    handler: (context, { id }) => showCatalog(context.db, id),
    show: shownInWords,
  }),
] as readonly Operation[];
