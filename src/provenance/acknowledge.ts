import type { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context, keepAuditHead } from '../jobs/index.ts';
import { auditRows, firstBroken } from './audit.ts';
import { refuseBroken } from './audit-file.ts';
import { measured } from './audit-head.ts';
import type { acknowledgedSchema, acknowledgeInputSchema } from './schema.ts';

/**
 * Records a person's word that the log is that of a new workspace in the place of an old one: as a row of the log, and in its head outside the
 * workspace, without which the row counts for nothing. What was kept of the old log stays where it is.
 * @throws BacklotError `audit-broken`, `nothing-to-acknowledge`, `signature-invalid`, `key-exposed`
 */
export async function acknowledgeLog(
  { db, paths, who }: Pick<Context, 'db' | 'paths' | 'who'>,
  { reason, by = who }: z.output<typeof acknowledgeInputSchema>,
): Promise<z.infer<typeof acknowledgedSchema>> {
  const rows = await auditRows(db);
  const { missed, others } = await measured(rows, paths.root);
  const broken = firstBroken(rows) ?? missed;
  if (broken) throw refuseBroken(broken);
  const open = others.filter((head) => head.by === null);
  if (open.length === 0) throw nothing(paths.root);
  const replaced = open.map(({ first, rows, head, at }) => ({ first, rows, head, at }));
  const act = { what: 'audit.acknowledge', subject: paths.root, details: { by, reason, replaced } };
  const { seq } = await appendAudit(db, { who, ...act });
  await keepAuditHead(
    { db, paths },
    open.map(({ first }) => ({ first, row: seq })),
  );
  return { row: seq, replaced: open.map(({ root, rows, at, file }) => ({ root, rows, at, file })) };
}

const nothing = (where: string): BacklotError =>
  new BacklotError('nothing-to-acknowledge', {
    expected: 'another audit log that lay in this folder',
    where,
    found: 'none that is kept and was not acknowledged',
    remedy: '`backlot audit verify` says how the log stands.',
  });
