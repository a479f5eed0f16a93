import type { Seal } from '../contract/index.ts';
import type { ShotDecision } from '../rights/index.ts';
import { canonicalLines, sha256 } from './canonical.ts';
import type { SnapshotRecord } from './schema.ts';

/**
 * What is signed about a snapshot: by what right its clips may be used.
 * @param decisions on all shots, the refused ones too: their digest says what was known when it was frozen
 */
export function sealOf(record: SnapshotRecord, decisions: readonly ShotDecision[], decidedAt: string): Seal {
  const { use, territory, asOf } = record.options;
  const { ledger, ruleVersion, outcomes, reasons } = record.rights;
  return {
    ...{ version: 1, snapshot: record.digest, basis: 'ledger', use, territory, asOf, decidedAt },
    ...{ ledger, ruleVersion, outcomes, reasons, decisions: decisionDigest(decisions) },
  };
}

/** sha256 of one canonical line for each decision, sorted by shot: the order of the rows does not count. */
const decisionDigest = (decisions: readonly ShotDecision[]): string =>
  sha256(canonicalLines([...decisions].sort((a, b) => (a.shotId < b.shotId ? -1 : 1))));
