import { AUDIT_START, type AuditStored, auditHeads, headsOfLog, trueRoot } from '../jobs/index.ts';
import type { AuditKept, AuditReport } from './schema.ts';

/** How a log stands to what was kept of it outside the workspace. */
export interface AgainstHeads {
  /** Where it does not reach what was kept. */
  fault: AuditReport['broken'];
  /** What was kept of it last; null: nothing. */
  kept: AuditKept | null;
  /** Of other logs that lay in the same folder. */
  earlier: AuditKept[];
}

/**
 * Measures a workspace's log by the signed heads beside the keys: finds rows that were cut off its end.
 * @param root folder of the workspace
 * @throws BacklotError `signature-invalid`
 */
export async function againstHeads(rows: readonly AuditStored[], root: string): Promise<AgainstHeads> {
  const here = await trueRoot(root);
  const first = rows[0]?.hash ?? AUDIT_START;
  const heads = await auditHeads({ first, root: here });
  const own = headsOfLog(heads, here, first);
  const others = heads.filter((head) => head.root === here && head.first !== first);
  const wanted = rows.length === 0 ? others : own;
  const missed = wanted.find((head) => rows[head.rows - 1]?.hash !== head.head);
  return {
    fault: missed ? faultOf(missed, rows.length) : null,
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
