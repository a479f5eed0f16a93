import type { Seal } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { assumptionsOf, newestRecording, ruleVersion, type ShotDecision } from '../rights/index.ts';
import { forWhomOf } from '../trust/index.ts';
import { canonicalLines, sha256 } from './canonical.ts';
import { countBy } from './record.ts';
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
    ...forWhomOf(record.options),
  };
}

/** By what was decided, and how often what came of it. */
export async function rightsOf(
  { db }: Pick<Context, 'db'>,
  decisions: readonly ShotDecision[],
): Promise<SnapshotRecord['rights']> {
  const ledger = await newestRecording(db);
  const refused = decisions.filter((decision) => decision.outcome !== 'ALLOW');
  return {
    ledger: ledger?.id ?? null,
    ruleVersion,
    outcomes: countBy(decisions, (decision) => decision.outcome),
    reasons: countBy(refused.flatMap(rulesOf), (rule) => rule),
    assumptions: assumptionsOf(decisions),
  };
}

/** The rules that speak against a shot, each once. */
export const rulesOf = (decision: ShotDecision): string[] => [
  ...new Set(decision.reasons.map((reason) => reason.rule)),
];

/** sha256 of one canonical line for each decision, sorted by shot: the order of the rows does not count. */
const decisionDigest = (decisions: readonly ShotDecision[]): string =>
  sha256(canonicalLines([...decisions].sort((a, b) => (a.shotId < b.shotId ? -1 : 1))));
