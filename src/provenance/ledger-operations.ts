import { defineOperation } from '../jobs/context.ts';
import { importedWords } from './import-words.ts';
import * as schema from './schema.ts';
import { withdrawalWords } from './withdrawal-words.ts';

/** Changes of the ledger of which is told what they reach in all stages: the rights stage, to the left, sees none. */

const importing = defineOperation({
  name: 'rights.import',
  summary: 'put a rights ledger in force: the whole file or nothing of it',
  example: 'rights import ledger.yaml',
  notes:
    'A file to begin with, which lists the titles and shows rows: `backlot run FILMS` leaves ledger-template.yaml in the workspace.\nWhat is in force, to edit: `backlot rights ledger --to FILE`.',
  input: schema.importInputSchema,
  output: schema.importedHereSchema,
  positional: ['path'],
  begins: true,
  handler: async (context, { path }) => {
    const { importLedger } = await import('../rights/index.ts');
    return (await import('./import-reach.ts')).withReach(context, await importLedger(context, path));
  },
  show: importedWords,
});

const registering = defineOperation({
  name: 'rights.register',
  summary: 'add the rows of a contract register to the ledger: all of them or none',
  example: 'rights register contracts.csv --mapping mapping.yaml',
  input: schema.registerInputSchema,
  output: schema.importedHereSchema,
  positional: ['path'],
  begins: true,
  handler: async (context, { path, mapping, replace }) => {
    const { importRegister } = await import('../rights/index.ts');
    return (await import('./import-reach.ts')).withReach(
      context,
      await importRegister(context, path, mapping, replace),
    );
  },
  show: importedWords,
});

const revoke = defineOperation({
  name: 'rights.revoke',
  summary: 'Withdraw a party, grant, consent or title: list all it has reached, block it, remove its clips',
  example: 'rights revoke --consent nia-agreed --dry-run',
  input: schema.revokeInputSchema,
  output: schema.withdrawalSchema,
  handler: async (context, input) => (await import('./withdraw.ts')).withdraw(context, input),
  show: withdrawalWords,
});

export const ledgerOperations = [importing, registering, revoke];
