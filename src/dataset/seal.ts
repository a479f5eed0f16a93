import { join } from 'node:path';
import { BacklotError, type Seal } from '../contract/index.ts';
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

/** By what and for whom a snapshot was decided, as a person reads it. */
const grounds = (said: Grounds, by: Pick<SnapshotRecord['rights'], 'ledger' | 'ruleVersion'>): string => {
  const { trainer, model, performers } = forWhomOf(said);
  return [
    `${said.use} in ${said.territory} as of ${said.asOf}, ${trainer}, model ${model ?? 'any'}`,
    `performers ${performers.join(' and ') || 'nobody'}, ledger ${by.ledger ?? 'none'}, rules ${by.ruleVersion}`,
  ].join(', ');
};

type Grounds = Pick<Seal, 'use' | 'territory' | 'asOf'> & Parameters<typeof forWhomOf>[0];

/**
 * Snapshots of the same clips have one digest, which is all that a seal names of them: one that was made for another of them says other
 * grounds.
 * @returns null where it is the snapshot's own
 */
export function foreignSeal(
  { options, rights }: Pick<SnapshotRecord, 'options' | 'rights'>,
  seal: Seal,
): { expected: string; found: string } | null {
  const [expected, found] = [
    grounds(options, rights),
    grounds(seal, { ...seal, ruleVersion: seal.ruleVersion ?? '' }),
  ];
  return expected === found ? null : { expected, found };
}

/** @throws BacklotError `seal-mismatch` where the seal was made for another snapshot of the same clips */
export function mustBeItsOwn(
  snapshot: Pick<SnapshotRecord, 'options' | 'rights'>,
  path: string,
  seal: Seal,
): void {
  const foreign = foreignSeal(snapshot, seal);
  if (!foreign) return;
  throw new BacklotError('seal-mismatch', {
    expected: `a seal for ${foreign.expected}`,
    where: join(path, 'seal.json'),
    found: `one for ${foreign.found}`,
    remedy: 'Freeze the dataset again for whom it is: that writes its own seal anew.',
  });
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
