import {
  AUDIT_START,
  type AuditStored,
  auditHeads,
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
  earlier: AuditKept[];
}

/**
 * Measures a workspace's log by the signed heads beside the keys: finds rows that were cut off its end, and a log that
 * was written anew from its first row.
 * @param root folder of the workspace
 * @throws BacklotError `signature-invalid`
 */
export async function againstHeads(rows: readonly AuditStored[], root: string): Promise<AgainstHeads> {
  const here = await trueRoot(root);
  const first = rows[0]?.hash ?? AUDIT_START;
  const heads = await auditHeads({ first, root: here });
  const own = headsOfLog(heads, here, first);
  const others = headsOfOthers(heads, here, first);
  const missed = own.find((head) => rows[head.rows - 1]?.hash !== head.head);
  const [other] = others;
  return {
    fault: missed ? faultOf(missed, rows.length) : other ? { seq: 1, reason: replacedWords(other) } : null,
    kept: own.at(-1) ?? null,
    earlier: others,
  };
}

const faultOf = ({ rows, at, root, file }: AuditKept, found: number): NonNullable<AgainstHeads['fault']> => ({
  seq: Math.min(rows, found + 1),
  reason:
    `${rows} rows were kept of the log in ${root} at ${at}, and it ${found < rows ? `ends after ${found}` : 'holds another row there'}. ` +
    `If you have put back an older copy yourself, remove ${file}`,
});
