import { defineOperation } from '../jobs/context.ts';
import { isWorkspace } from '../jobs/workspace.ts';
import * as schema from './key-schema.ts';
import { keysWords, nextWords, retiredKeyWords } from './key-words.ts';

/** What can be done with the keys that sign seals, permits and what leaves the house. */

const rotate = defineOperation({
  name: 'provenance.rotate-key',
  summary:
    'Sign snapshots and permits with a new key; what the old one signed stays good until it is retired',
  example: 'provenance rotate-key',
  input: schema.rotateInputSchema,
  output: schema.rotateOutputSchema,
  needsWorkspace: (_, root) => isWorkspace(root),
  handler: async (context) => (await import('./rotate.ts')).rotate(context),
  show: (now) => [keysWords(now), ...nextWords(now)].join('\n'),
});

const retire = defineOperation({
  name: 'provenance.retire-key',
  summary:
    'Put a key out of use: nothing that it signed lets anything train any more; outcomes, audit logs, deliveries and statements that it signed before stay checkable',
  example: 'provenance retire-key 3f9c21d07a4e55b1',
  notes: [
    'Datasets that the key sealed are frozen again before they train, and runs that were stopped under it begin anew; runs under way go on to their end.',
    'The key that signs is retired after `provenance rotate-key`. --stolen is for a key that somebody else may have had: trainings whose outcome it',
    'vouched for are then told as not known, and what was kept of audit logs is checked and signed anew.',
  ].join('\n'),
  input: schema.retireKeyInputSchema,
  output: schema.retireKeyOutputSchema,
  positional: ['key'],
  needsWorkspace: (_, root) => isWorkspace(root),
  handler: async (context, input) => (await import('./retire-key.ts')).retireSigner(context, input),
  show: retiredKeyWords,
});

export const keyOperations = [rotate, retire];
