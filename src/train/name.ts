import { BacklotError } from '../contract/index.ts';
import type { Snapshot } from '../dataset/index.ts';

/**
 * What a new model is called. The rights of a dataset that was frozen for one model were decided for a model of that name (ADR 0082).
 * @throws BacklotError `not-cleared` where another name is asked for
 */
export function nameFor(
  asked: string | undefined,
  method: string,
  { id, options: { model } }: Pick<Snapshot, 'id' | 'options'>,
): string {
  if (model === undefined || asked === undefined || asked === model)
    return asked ?? model ?? `${method} on ${id}`;
  throw new BacklotError('not-cleared', {
    expected: `the name "${model}", for which the rights of dataset ${id} were decided`,
    where: 'name',
    found: `"${asked}"`,
    remedy: `Leave --name out, or freeze a dataset with --model "${asked}": the ledger's rows may name models.`,
  });
}
