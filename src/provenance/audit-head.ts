import {
  AUDIT_START,
  type AuditStored,
  acceptWords,
  auditHeads,
  behindWords,
  headsOfLog,
  headsOfOthers,
  replacedWords,
  trueRoot,
} from '../jobs/index.ts';
import type { AuditKept, AuditReport } from './schema.ts';

/** How a log stands to what was kept of it outside the workspace. */
export interface AgainstHeads {
  /** Where it does not reach what was kept. */
  fault: AuditReport['broken'];
  /** What was kept of it last; null: nothing. */
  kept: AuditKept | null;
  /** Of other logs that lay in the same folder: this one is not what was kept of it. */
  earlier: AuditReport['earlier'];
}

/**
 * Measures a workspace's log by the signed heads beside the keys: finds rows that were cut off its end, and a log that
 * was written anew from its first row.
 * @param root folder of the workspace
 * @throws BacklotError `signature-invalid`
 */
export async function againstHeads(rows: readonly AuditStored[], root: string): Promise<AgainstHeads> {
  const { own, others, missed } = await measured(rows, root);
  const other = others.find(({ by }) => by === null);
  return {
    fault: missed ?? (other ? { seq: 1, reason: replacedWords(other) } : null),
    kept: own.at(-1) ?? null,
    earlier: others.map(({ by, ...head }) => ({ ...head, acknowledged: by })),
  };
}

/** The heads of a log and of others that lay in its folder, and where it does not reach its own. */
export async function measured(rows: readonly AuditStored[], root: string) {
  const here = await trueRoot(root);
  const first = rows[0]?.hash ?? AUDIT_START;
  const heads = await auditHeads({ first, root: here });
  const own = headsOfLog(heads, here, first);
  const short = own.find((head) => rows[head.rows - 1]?.hash !== head.head);
  const missed = short ? faultOf(short, rows.length) : null;
  return { own, others: headsOfOthers(heads, here, first), missed };
}

const faultOf = (head: AuditKept, found: number): NonNullable<AgainstHeads['fault']> => ({
  seq: Math.min(head.rows, found + 1),
  reason: `${behindWords(head, found)}. ${acceptWords(head)}`,
});
