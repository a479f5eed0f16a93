import { BacklotError, type DatasetInput } from '../contract/index.ts';
import type { Snapshot } from '../dataset/index.ts';
import { type Brief, generate, type Take } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Arm, type Check, checkTakes, usableRates } from '../review/index.ts';
import { type Model, train, trainInputSchema } from '../train/index.ts';
import { cpuSecondsOf } from './cost.ts';

export type ArmName = 'base' | 'adapter' | 'scratch';

/** One way to make the takes, with what it made and what it cost. */
export interface ArmResult {
  arm: Arm;
  name: ArmName;
  model: Model | null;
  takes: Take[];
  checks: Check[];
  cpuSeconds: number;
}

/** A way that was not gone, and why: the takes are compared without it. */
export interface LeftOut {
  name: ArmName;
  reason: string;
}

export interface ArmsInput {
  snapshot: Snapshot;
  briefs: Brief[];
  seconds: number;
  seed: number;
}

/**
 * Trains an adapter and a model from scratch for the same time, and makes every brief's takes three ways. The model from scratch
 * is another use of the clips than the adapter, and takes are one more: where the ledger does not clear the clips for it, that arm is left out.
 */
export async function runArms(
  context: Context,
  input: ArmsInput,
): Promise<{ arms: ArmResult[]; leftOut: LeftOut[] }> {
  const { snapshot, seconds, seed } = input;
  const wish = (method: 'lora' | 'scratch') =>
    trainInputSchema.parse({ dataset: snapshot.id, method, seconds, seed });
  const adapter = await train(named(context, 'adapter'), wish('lora'));
  const scratch = await orWhyNot(train(named(context, 'scratch'), wish('scratch')));
  const models: [ArmName, Model | null][] = [
    ['base', null],
    ['adapter', adapter],
    ...(typeof scratch === 'string' ? [] : [['scratch', scratch] satisfies [ArmName, Model]]),
  ];
  const arms: ArmResult[] = [];
  const leftOut: LeftOut[] = typeof scratch === 'string' ? [{ name: 'scratch', reason: scratch }] : [];
  for (const [name, model] of models) {
    const made = await orWhyNot(runArm(named(context, name), input, name, model));
    if (typeof made === 'string') leftOut.push({ name, reason: made });
    else arms.push(made);
  }
  return { arms, leftOut };
}

/** What is made, or in words why the rights do not allow it: any other fault is one. */
export async function orWhyNot<T extends object>(made: Promise<T>): Promise<T | string> {
  try {
    return await made;
  } catch (error) {
    if (!(error instanceof BacklotError) || error.code !== 'not-cleared') throw error;
    return `expected ${error.facts.expected}, found ${error.facts.found}`;
  }
}

/** The same context, whose progress says which arm is at work. */
const named = (context: Context, arm: string): Context => ({
  ...context,
  report: (progress) => context.report({ ...progress, phase: `${arm}: ${progress.phase}` }),
});

async function runArm(
  context: Context,
  { snapshot, briefs }: ArmsInput,
  name: ArmName,
  model: Model | null,
): Promise<ArmResult> {
  const takes = await generate(context, wishOf(briefs, model));
  const training: DatasetInput = { path: snapshot.path, digest: snapshot.digest };
  const checks = await checkTakes(context, takes, [training]);
  const rates = ratesOf(takes, checks);
  const arm = {
    name,
    trainSeconds: Number(model?.record.seconds ?? 0),
    briefs: briefs.length,
    usable: rates?.usable ?? null,
    usableAt4: rates?.usableAt4 ?? null,
  };
  const runs = new Set([...takes.map(({ runId }) => runId), ...(model?.runId ? [model.runId] : [])]);
  return { arm, name, model, takes, checks, cpuSeconds: await cpuSecondsOf(context, runs) };
}

/** An adapter is put on the base; any other model draws by itself. */
const wishOf = (briefs: Brief[], model: Model | null) =>
  model?.kind === 'adapter'
    ? { briefs: briefs.map((brief) => ({ ...brief, adapters: [{ id: model.id, weight: 1 }] })) }
    : { briefs, model: model?.id };

export function ratesOf(takes: readonly Take[], checks: readonly Check[]) {
  if (checks.every(({ verdict }) => verdict === 'unchecked')) return null;
  const verdicts = new Map(checks.map(({ takeId, verdict }) => [takeId, verdict === 'usable']));
  const byBrief = Map.groupBy(takes, ({ briefId }) => briefId);
  const inOrder = (group: Take[]) => [...group].sort((a, b) => a.candidate - b.candidate);
  return usableRates(
    [...byBrief.values()].map((group) => inOrder(group).map(({ id }) => verdicts.get(id) ?? false)),
  );
}
