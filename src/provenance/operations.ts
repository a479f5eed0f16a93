import { z } from 'zod';
import { defineOperation } from '../jobs/context.ts';
import { isWorkspace } from '../jobs/workspace.ts';
import { auditOperations } from './audit-operations.ts';
import { deliveriesWords, deliveryWords, verifiedDeliveryWords } from './delivery/words.ts';
import { markdownOf } from './document/markdown.ts';
import { dutiesWords } from './duty-words.ts';
import { keyOperations } from './key-operations.ts';
import { ledgerOperations } from './ledger-operations.ts';
import * as schema from './schema.ts';
import { signingSchema } from './signing-schema.ts';
import { checkedWords, statementWords, verifiedWords } from './statement/words.ts';
import { NEWEST_RULE } from './statement-rules.ts';
import { retiredWords, taskWords } from './withdrawal-words.ts';
import { cutWords, lineageWords } from './words.ts';

const show = defineOperation({
  name: 'provenance.show',
  summary: 'Say where a take came from: models, dataset, titles, shots, grants, and whom it concerns',
  example: 'provenance show tak_3f9c21d07a4e',
  input: schema.showInputSchema,
  output: schema.showOutputSchema,
  positional: ['take'],
  handler: async (context, { take }) => (await import('./show.ts')).showTake(context, take),
  show: lineageWords,
});

const verify = defineOperation({
  name: 'provenance.verify',
  summary:
    'Say what the signature in a file proves, whether its take was withdrawn here, and of a video or picture whose signature is invalid, missing or of a kind that is not read what take it is a copy of; exit code 1 then, and where bytes were added that C2PA does not hash',
  example: 'provenance verify take.mp4',
  input: schema.verifyInputSchema,
  output: schema.verifyOutputSchema,
  positional: ['file'],
  needsWorkspace: (_, root) => isWorkspace(root),
  handler: async (context, { file }) => (await import('./verify.ts')).verifyOrFind(context, file),
  show: ({ words }) => words.join('\n'),
  exitCode: ({ state, altered }) => (/^(trusted|valid-unknown-signer)$/.test(state) && !altered ? 0 : 1),
});

const signOf = defineOperation({
  name: 'provenance.sign',
  summary:
    'Hand over signed copies of stills and masters that were made of takes, with the five answers about these; kinds that carry no manifest get one beside them (.c2pa)',
  example:
    'provenance sign still.png master.mov frame.0001.exr --take tak_3f9c21d07a4e --to signed --purpose temp --recreates no --secured yes --replaces no',
  notes: [
    "Without these variables the workspace's test identity signs, takes as well:",
    ...Object.entries(signingSchema.shape).map(([name, { description }]) => `  ${name}: ${description}`),
    'The certificates are required, with one of the other three.',
  ].join('\n'),
  input: schema.signInputSchema,
  output: schema.signOutputSchema,
  positional: ['files'],
  permits: true,
  handler: async (context, input) => (await import('./derived.ts')).signFiles(context, input),
  show: ({ files, delivery }) =>
    [
      ...files.map(({ file, sidecar }) => (sidecar ? `${file} (${sidecar})` : file)),
      deliveryWords(delivery),
    ].join('\n'),
});

const cut = defineOperation({
  name: 'provenance.cut',
  summary: 'Write the takes that people called usable, or those named, as a cut for an editing program',
  example: 'provenance cut --to selects.otio',
  input: schema.cutInputSchema,
  output: schema.cutOutputSchema,
  positional: ['takes'],
  permits: true,
  handler: async (context, input) => (await import('./cut.ts')).cutSelects(context, input),
  show: cutWords,
});

const find = defineOperation({
  name: 'provenance.find',
  summary:
    'Find the take that a video is a copy of, or a picture was saved from, by what it shows: unsigned, encoded again, scaled, cropped or brighter; exit code 1 where there is none',
  example: 'provenance find copy.mp4',
  input: schema.findInputSchema,
  output: schema.findOutputSchema,
  positional: ['file'],
  handler: async (context, { file }) => (await import('./find.ts')).findTakes(context, file),
  show: ({ words }) => words.join('\n'),
  exitCode: ({ matches }) => (matches.length === 0 ? 1 : 0),
});

const settle = defineOperation({
  name: 'provenance.settle',
  summary: 'Say that a task of a withdrawal is done, with the evidence',
  example: 'provenance settle tsk_0123456789ab --evidence "model retired, letter of 3 May to the owner"',
  input: schema.settleInputSchema,
  output: schema.settledSchema,
  positional: ['task'],
  handler: async (context, input) => ({
    ...(await (await import('./tasks.ts')).settleTask(context, input)),
    notice: schema.notLegalAdvice,
  }),
  show: ({ notice, ...task }) => `${taskWords({ tasks: [task] })}\n${notice}`,
});

const retire = defineOperation({
  name: 'provenance.retire',
  summary:
    'Put a model, and what was trained from it, out of use for good; settles the tasks that ask for it',
  example: 'provenance retire mdl_0123456789ab --reason "withdrawn by Ann Example, letter of 3 May"',
  input: schema.retireInputSchema,
  output: schema.retiredSchema,
  positional: ['model'],
  handler: async (context, input) => ({
    ...(await (await import('./retire.ts')).retireModel(context, input)),
    notice: schema.notLegalAdvice,
  }),
  show: retiredWords,
});

const statement = defineOperation({
  name: 'provenance.statement',
  summary: 'Write for each participant what a period used of theirs, and what is due from a pool',
  example: 'provenance statement --from 2026-07-01 --until 2026-09-30 --pool pool.yaml --to statements',
  notes: [
    'A pool file names what is divided; what is left out is not:',
    '  version: 1',
    '  name: Agreement of 2026',
    `  rule: ${NEWEST_RULE}`,
    '  training: { owners: 10000.00 EUR, performers: 5000.00 EUR }',
    '  references: { owners: 1000.00 EUR }',
    '  replicas: { performers: 2000.00 EUR }',
    'The last is for takes whose briefs named a performer when they were drawn. Each rule is in the statements, by its words.',
  ].join('\n'),
  input: schema.statementInputSchema,
  output: schema.statementOutputSchema,
  handler: async (context, input) =>
    (await import('./statement/statement.ts')).writeStatements(context, input),
  show: statementWords,
});

const verifyOne = defineOperation({
  name: 'provenance.verify-statement',
  summary: 'Compute a statement again from this workspace; exit code 1 where it comes out otherwise',
  example: 'provenance verify-statement statements/participant-ann.json',
  input: schema.verifyStatementInputSchema,
  output: schema.verifyStatementOutputSchema,
  positional: ['file'],
  handler: async (context, { file }) =>
    (await import('./statement/statement.ts')).verifyStatement(context, file),
  show: verifiedWords,
  exitCode: ({ matches }) => (matches ? 0 : 1),
});

const checkOne = defineOperation({
  name: 'provenance.check-statement',
  summary:
    "Check with the studio's public key alone that a statement is the studio's; exit code 1 where it is not",
  example: 'provenance check-statement participant-ann.json --key studio.pem',
  input: schema.checkStatementInputSchema,
  output: schema.checkStatementOutputSchema,
  positional: ['file'],
  needsWorkspace: () => false,
  handler: async (_, input) => (await import('./statement/sealed.ts')).checkStatement(input),
  show: checkedWords,
  exitCode: ({ genuine }) => (genuine ? 0 : 1),
});

const tasks = defineOperation({
  name: 'provenance.tasks',
  summary: 'List what withdrawals have left for people to decide, the most urgent first',
  example: 'provenance tasks',
  input: schema.tasksInputSchema,
  output: schema.tasksOutputSchema,
  handler: async ({ db }, { all }) => ({
    tasks: await (await import('./tasks.ts')).listTasks(db, all),
    notice: schema.notLegalAdvice,
  }),
  show: ({ tasks, notice }) => `${taskWords({ tasks })}\n${notice}`,
});

const duties = defineOperation({
  name: 'rights.duties',
  summary:
    'List whom to notify, consult, bargain with or pay, and what withdrawals have left to decide, by due day, overdue first',
  example: 'rights duties',
  input: schema.dutiesInputSchema,
  output: schema.dutiesSchema,
  handler: async (context, input) => (await import('./duties.ts')).listDuties(context, input),
  show: dutiesWords,
});

const handOver = defineOperation({
  name: 'provenance.deliver',
  summary:
    'Hand takes over: signed copies in a folder, with the five answers about them as a signed declaration',
  example:
    'provenance deliver tak_3f9c21d07a4e --to delivery --purpose temp --recreates no --secured yes --replaces no',
  input: schema.deliverInputSchema,
  output: schema.deliveryRowSchema,
  positional: ['takes'],
  permits: true,
  handler: async (context, input) => (await import('./delivery/deliver.ts')).deliver(context, input),
  show: deliveryWords,
});

const deliveries = defineOperation({
  name: 'provenance.deliveries',
  summary: 'List what was handed over, with the declarations and what was withdrawn since',
  example: 'provenance deliveries',
  input: z.strictObject({}),
  output: schema.deliveriesOutputSchema,
  handler: async (context) => ({
    deliveries: await (await import('./delivery/deliver.ts')).listDeliveries(context),
    notice: schema.notLegalAdvice,
  }),
  show: deliveriesWords,
});

const verifyHandedOver = defineOperation({
  name: 'provenance.verify-delivery',
  summary:
    'Check the files and the declaration of a delivery, and whether its takes were withdrawn here since; exit code 1 where one is not as it was handed over. With --key the signature is checked by that alone',
  example: 'provenance verify-delivery delivery',
  input: schema.verifyDeliveryInputSchema,
  output: schema.verifyDeliveryOutputSchema,
  positional: ['folder'],
  needsWorkspace: (_, root) => isWorkspace(root),
  handler: async (context, { folder, key }) =>
    (await import('./delivery/deliver.ts')).verifyHere(context, folder, key),
  show: verifiedDeliveryWords,
  exitCode: ({ whole }) => (whole ? 0 : 1),
});

const documentOne = defineOperation({
  name: 'provenance.document',
  summary:
    "Fill a regulators' document about a model: the EU summary of training content or California's AB 2013",
  example: 'provenance document mdl_0123456789ab --kind eu-summary --to documents',
  input: schema.documentInputSchema,
  output: schema.documentOutputSchema,
  positional: ['model'],
  handler: async (context, input) => (await import('./document/write.ts')).writeDocument(context, input),
  show: ({ document, files }) => [markdownOf(document), ...files].join('\n'),
});

export const operations = [
  ...auditOperations,
  ...ledgerOperations,
  show,
  signOf,
  cut,
  verify,
  find,
  ...keyOperations,
  duties,
  tasks,
  settle,
  retire,
  statement,
  verifyOne,
  checkOne,
  handOver,
  deliveries,
  verifyHandedOver,
  documentOne,
];
