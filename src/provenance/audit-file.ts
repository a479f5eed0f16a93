import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BacklotError, messageOf, wordsOfBadInput } from '../contract/index.ts';
import {
  AUDIT_START,
  type AuditStored,
  type Context,
  canonical,
  makeFolder,
  writeOnce,
} from '../jobs/index.ts';
import { readSignedBy, type SignedBy, signed } from '../trust/index.ts';
import { auditRows, firstBroken } from './audit.ts';
import { againstHeads } from './audit-head.ts';
import { sha256Of } from './digest.ts';
import { writeKey } from './public-key.ts';
import {
  type AuditVerified,
  type auditExportOutputSchema,
  auditRowSchema,
  auditSealSchema,
  type auditVerifyInputSchema,
  notLegalAdvice,
} from './schema.ts';

const sealType = 'application/vnd.backlot.audit+json';
const sealOf = (file: string): string => `${file.replace(/\.jsonl$/, '')}.seal.json`;

/**
 * Writes the log as `audit-<rows>.jsonl` and signs how many rows it has, its newest and its bytes. Kept elsewhere, it also
 * shows what a chain alone cannot: rows cut off the end, and a log that was written anew from its first row.
 * @throws BacklotError `audit-broken`: what does not fit, is cut off or was written anew is not signed; `file-exists`: another log's rows lie there
 */
export async function exportAudit(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  folder: string,
): Promise<z.infer<typeof auditExportOutputSchema>> {
  const rows = await auditRows(db);
  const broken = firstBroken(rows) ?? (await againstHeads(rows, paths.root)).fault;
  if (broken) throw refuseBroken(broken);
  const text = rows.map((row) => `${canonical(row)}\n`).join('');
  const head = headOf(rows);
  const file = join(folder, `audit-${rows.length}.jsonl`);
  const notice = notLegalAdvice;
  const facts = auditSealSchema.parse({
    version: 1,
    rows: rows.length,
    head,
    sha256: sha256Of(text),
    notice,
  });
  await makeFolder(folder);
  await writeOnce(file, text);
  await writeOnce(sealOf(file), await signed(sealType, facts));
  const key = await writeKey(folder, `audit-${rows.length}.key.pem`);
  return { file, seal: sealOf(file), key, rows: rows.length, head, notice };
}

const headOf = (rows: readonly AuditStored[]): string => rows.at(-1)?.hash ?? AUDIT_START;

export const refuseBroken = ({ seq, reason }: NonNullable<AuditVerified['broken']>): BacklotError =>
  new BacklotError('audit-broken', {
    expected: 'an audit log in which every row fits',
    where: `row ${seq}`,
    found: reason,
    remedy:
      'Compare it with an earlier export: `backlot audit verify FILE --log`. A broken log is not signed.',
  });

/**
 * Checks the workspace's log, or an exported one by its signature, bytes and chain.
 * @throws BacklotError `audit-unreadable`, `signature-invalid`, `key-unreadable`, `bad-input`
 */
export async function verifyAudit(
  context: Context,
  { file, log, key: keyPath }: z.input<typeof auditVerifyInputSchema>,
): Promise<AuditVerified> {
  if (file === undefined) {
    if (keyPath !== undefined) throw noFile(keyPath);
    const log = await auditRows(context.db);
    const { fault, ...measured } = await againstHeads(log, context.paths.root);
    return { ...verdict('The audit log', log, fault, null, null), ...measured };
  }
  const text = await read(file);
  const opened = await readSignedBy(keyPath, await read(sealOf(file)), sealType, sealOf(file));
  const rows = rowsIn(text, file);
  const against = log ? await auditRows(context.db) : null;
  const fault =
    sealFault(auditSealSchema.parse(opened.statement), text, rows) ??
    lateFault(opened, rows) ??
    (against && logFault(rows, against));
  const signedBy = { key: opened.key, retiredAt: opened.retiredAt, named: keyPath !== undefined };
  return verdict(file, rows, fault, signedBy, against && rows.length);
}

/** A seal does not say when it was made: not before the newest row. */
function lateFault({ key, retiredAt }: SignedBy, rows: readonly AuditStored[]): Fault | null {
  const last = rows.at(-1);
  if (retiredAt === null || last === undefined || Date.parse(last.at) <= Date.parse(retiredAt)) return null;
  return {
    seq: last.seq,
    reason: `it is of ${last.at}, and key ${key}, which signed, went out of use at ${retiredAt}`,
  };
}

const noFile = (where: string): BacklotError =>
  new BacklotError('bad-input', {
    expected: 'an exported log, which --key is to check',
    where: `--key ${where}`,
    found: 'none: the log of a workspace is not signed',
    remedy: 'Name the file: `backlot audit verify FILE --key KEY`.',
  });

type Fault = NonNullable<AuditVerified['broken']>;

function verdict(
  of: string,
  rows: readonly AuditStored[],
  fault: Fault | null,
  signedBy: AuditVerified['signedBy'],
  compared: number | null,
): AuditVerified {
  const broken = firstBroken(rows) ?? fault;
  const facts = { rows: rows.length, intact: broken === null, broken, head: headOf(rows) };
  return { of, ...facts, signedBy, compared, kept: null, earlier: [] };
}

/** Where the file is not what was signed. */
function sealFault(
  seal: z.infer<typeof auditSealSchema>,
  text: string,
  rows: readonly AuditStored[],
): Fault | null {
  if (rows.length !== seal.rows)
    return { seq: Math.min(rows.length, seal.rows) + 1, reason: `${seal.rows} rows were signed` };
  if (headOf(rows) !== seal.head) return { seq: rows.length, reason: 'another newest row was signed' };
  return sha256Of(text) === seal.sha256 ? null : { seq: 1, reason: 'other bytes were signed' };
}

/** Where the workspace's log does not begin with the exported rows. */
function logFault(rows: readonly AuditStored[], log: readonly AuditStored[]): Fault | null {
  const inLog = firstBroken(log);
  if (inLog) return { seq: inLog.seq, reason: `in the workspace's log, ${inLog.reason}` };
  const other = rows.find((row, i) => log[i]?.hash !== row.hash);
  if (!other) return null;
  const isGone = log.length < other.seq;
  return {
    seq: other.seq,
    reason: `the workspace's log ${isGone ? 'ends before it' : 'holds another row there'}`,
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, messageOf(error), error);
  }
}

function rowsIn(text: string, file: string): AuditStored[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      try {
        return auditRowSchema.parse(JSON.parse(line));
      } catch (error) {
        const found = error instanceof z.ZodError ? wordsOfBadInput(error) : messageOf(error);
        throw unreadable(`${file}:${i + 1}`, found, error);
      }
    });
}

const unreadable = (where: string, found: string, cause: unknown): BacklotError =>
  new BacklotError(
    'audit-unreadable',
    {
      expected: 'an audit log that `backlot audit export` wrote, a row a line, with its .seal.json beside it',
      where,
      found,
      remedy: 'Copy both files again from where they were kept.',
    },
    cause,
  );
