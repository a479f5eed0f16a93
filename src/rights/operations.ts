import { defineOperation, type Operation } from '../jobs/context.ts';
import { writtenLedgerWords } from './import-words.ts';
import { rowWords } from './row-words.ts';
import * as schema from './schema.ts';
import { today } from './today.ts';
import {
  answeredWords,
  checkWords,
  correctedWords,
  creditsWords,
  decisionWords,
  mapWords,
  markingWords,
  signatureWords,
} from './words.ts';

/** The clock is read here, and nowhere in the decisions. */
const dated = <T extends { asOf?: string | undefined }>(input: T) => ({
  ...input,
  asOf: input.asOf ?? today(),
});

/** Waited for by a person: loaded while the workspace opens. */
const explanations = () => import('./explain.ts');

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'rights.map',
    summary: 'propose which column of a contract register holds what, for a person to confirm',
    example: 'rights map contracts.csv --to mapping.yaml',
    input: schema.mapInputSchema,
    output: schema.proposedMappingSchema,
    positional: ['path'],
    needsWorkspace: () => false,
    handler: async (_, { path, section, to }) =>
      (await import('./mapping.ts')).proposeMapping(path, section, to),
    show: mapWords,
  }),
  defineOperation({
    name: 'rights.check',
    summary: 'count what may be used and what may not, and why',
    example: 'rights check --use train.style --territory world',
    input: schema.askSchema,
    output: schema.checkSchema,
    handler: async (context, input) => (await import('./check.ts')).checkRights(context, dated(input)),
    show: checkWords,
  }),
  defineOperation({
    name: 'rights.decide',
    summary: 'decide every shot, each with all reasons',
    example: 'rights decide --use train.style --as-of 2026-05-01 --json',
    input: schema.askSchema,
    output: schema.decisionsSchema,
    handler: async (context, input) => (await import('./bulk.ts')).decideAsked(context, dated(input)),
    show: decisionWords,
  }),
  defineOperation({
    name: 'rights.signatures',
    summary: 'list what lawyers have to look at: one line for all shots that share their decision',
    example: 'rights signatures --use train.style',
    input: schema.askSchema,
    output: schema.signatureListSchema,
    handler: async (context, input) =>
      (await import('./signatures.ts')).listSignatures(context, dated(input)),
    show: signatureWords,
  }),
  defineOperation({
    name: 'rights.explain',
    summary: 'say why a shot is in or out, and what comes nearest',
    example: 'rights explain sht_0123456789ab_0012',
    input: schema.explainInputSchema,
    output: schema.explanationSchema,
    positional: ['shot'],
    loads: explanations,
    handler: async (context, { shot, ...input }) =>
      (await explanations()).explainShot(context, shot, dated(input)),
    show: ({ words }) => words,
  }),
  defineOperation({
    name: 'rights.row',
    summary:
      'show a row of the ledger: what it says, who recorded it when, what it replaced, and where it is written',
    example: 'rights row grants/g1',
    input: schema.rowInputSchema,
    output: schema.rowSchema,
    positional: ['row'],
    handler: async (context, { row }) => (await import('./row.ts')).ledgerRow(context, row),
    show: rowWords,
  }),
  defineOperation({
    name: 'rights.ledger',
    summary: 'write the ledger in force as a file, to edit and import again: all rows, whoever recorded them',
    example: 'rights ledger --to ledger.yaml',
    input: schema.ledgerInputSchema,
    output: schema.writtenLedgerSchema,
    handler: async (context, { to }) => (await import('./ledger-file.ts')).writeLedger(context, to),
    show: writtenLedgerWords,
  }),
  defineOperation({
    name: 'rights.correct',
    summary:
      'take back that a party is confirmed to be seen somewhere: the shots wait for a person, and withdrawals stand',
    example: 'rights correct seen-12 --reason "her double, by the call sheet of 4 June"',
    input: schema.correctInputSchema,
    output: schema.correctedSchema,
    positional: ['appearance'],
    handler: async (context, input) =>
      (await import('./correct.ts')).correctAppearance(context, input, new Date().toISOString()),
    show: correctedWords,
  }),
  defineOperation({
    name: 'rights.marking',
    summary:
      'say what copies of a title should carry about training: CAWG assertion and IPTC property, as JSON',
    example: 'rights marking harbour --json',
    input: schema.markingInputSchema,
    output: schema.markingSchema,
    positional: ['title'],
    handler: async (context, { title, asOf }) =>
      (await import('./marking.ts')).markingOf(context, title, asOf ?? today()),
    show: markingWords,
  }),
  defineOperation({
    name: 'rights.credits',
    summary: 'list names that were read in credits: proposals, which change nothing until somebody answers',
    example: 'rights credits --state open --json',
    input: schema.creditsInputSchema,
    output: schema.creditsSchema,
    handler: async (context, input) => (await import('./credits.ts')).listCredits(context, input),
    show: creditsWords,
  }),
  defineOperation({
    name: 'rights.answer',
    summary:
      'say whose name in the credits it is and where that party is seen, or that nobody has to be asked',
    example: 'rights answer "Mara Ousel" --title harbour --seen somewhere --party mara',
    input: schema.answerInputSchema,
    output: schema.answeredSchema,
    positional: ['name'],
    handler: async (context, input) => (await import('./credits.ts')).answerCredit(context, input),
    show: answeredWords,
  }),
] as readonly Operation[];
