import { stat } from 'node:fs/promises';
import type { Context } from '../../jobs/index.ts';
import { type Check, listChecks } from '../../review/index.ts';
import { decideShots, type OutputKind, type ShotDecision, useSchema } from '../../rights/index.ts';
import { auditReport } from '../audit.ts';
import { lineageReader } from '../lineage.ts';
import type { Lineage } from '../schema.ts';

/** What the workspace knows about takes that are to be handed over. */
export interface Facts {
  lineages: Lineage[];
  /** Shots that their models learned from, and what the ledger in force says of takes of this purpose. */
  permitted: { shots: number; refused: ShotDecision[]; use: string };
  /** What the automatic checker said of the takes; copying a training clip is one of its reasons. */
  checks: Check[];
  auditIntact: boolean;
  /** Others than its owner may write into the workspace. */
  writable: boolean;
  readable: boolean;
}

export async function factsOf(
  context: Context,
  takes: readonly string[],
  purpose: OutputKind,
): Promise<Facts> {
  const lineageOf = lineageReader(context);
  const lineages: Lineage[] = [];
  for (const take of takes) lineages.push(await lineageOf(take));
  const checks = (await listChecks(context.db)).filter(({ takeId }) => takes.includes(takeId));
  const { mode } = await stat(context.paths.root);
  return {
    ...{ lineages, checks, permitted: await permittedFor(context, lineages, purpose) },
    auditIntact: (await auditReport(context.db, 1)).intact,
    ...{ writable: (mode & 0o022) !== 0, readable: (mode & 0o044) !== 0 },
  };
}

/** Decides for today on every shot that was trained on, in each territory that a dataset was cleared for. */
async function permittedFor(context: Context, lineages: readonly Lineage[], purpose: OutputKind) {
  const use = useSchema.parse(`generate.${purpose}`);
  const asOf = new Date().toISOString().slice(0, 10);
  const refused = new Map<string, ShotDecision>();
  const wanted = Map.groupBy(
    lineages.flatMap(({ snapshots }) => snapshots),
    ({ territory }) => territory ?? 'world',
  );
  const all = new Set<string>();
  for (const [territory, snapshots] of wanted) {
    const shots = new Set(snapshots.flatMap(({ titles }) => titles.flatMap((title) => title.shots)));
    for (const shot of shots) all.add(shot);
    for (const decision of await decideShots(context, { use, territory, asOf }))
      if (shots.has(decision.shotId) && decision.outcome !== 'ALLOW') refused.set(decision.shotId, decision);
  }
  return { shots: all.size, refused: [...refused.values()], use };
}
