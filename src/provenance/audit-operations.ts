import { defineOperation } from '../jobs/context.ts';
import * as schema from './schema.ts';
import { auditVerifiedWords, auditWords } from './words.ts';

/** What can be asked of the audit log. */

const audit = defineOperation({
  name: 'provenance.audit',
  summary: 'Check the audit log row by row and list the newest; exit code 1 where it was tampered with',
  example: 'provenance audit --last 50',
  input: schema.auditInputSchema,
  output: schema.auditOutputSchema,
  handler: async (context, { last }) => (await import('./audit.ts')).auditReport(context, last),
  show: auditWords,
  exitCode: ({ intact }) => (intact ? 0 : 1),
});

const auditExport = defineOperation({
  name: 'audit.export',
  summary: 'Write the audit log as one file, a row a line, and sign it; the public key lies beside',
  example: 'audit export --to audit',
  input: schema.auditExportInputSchema,
  output: schema.auditExportOutputSchema,
  handler: async (context, { to }) => (await import('./audit-file.ts')).exportAudit(context, to),
  show: ({ file, seal, key, rows, head, notice }) =>
    `${file}\n${seal}\n${key}\n${rows} rows, head ${head}\n${notice}`,
});

const auditVerify = defineOperation({
  name: 'audit.verify',
  summary:
    'Find any changed, removed or reordered row in the audit log or in an exported one; exit code 1 then. With --key an exported one is checked by that alone',
  example: 'audit verify audit/audit-120.jsonl --log',
  input: schema.auditVerifyInputSchema,
  output: schema.auditVerifyOutputSchema,
  positional: ['file'],
  needsWorkspace: ({ file, log }) => file === undefined || log,
  handler: async (context, input) => (await import('./audit-file.ts')).verifyAudit(context, input),
  show: auditVerifiedWords,
  exitCode: ({ intact }) => (intact ? 0 : 1),
});

const acknowledge = defineOperation({
  name: 'audit.acknowledge',
  summary:
    'Say that this log is that of a new workspace in the place of an old one, as a row of it; what was kept of the old one stays',
  example: 'audit acknowledge --reason "removed the old workspace after its backup"',
  input: schema.acknowledgeInputSchema,
  output: schema.acknowledgedSchema,
  handler: async (context, input) => (await import('./acknowledge.ts')).acknowledgeLog(context, input),
  show: ({ row, replaced }) =>
    [
      `Row ${row} of the audit log says so`,
      ...replaced.map(({ rows, at, file }) => `before it: ${rows} rows at ${at} (${file})`),
    ].join('\n'),
});

export const auditOperations = [audit, auditExport, auditVerify, acknowledge];
