import { z } from 'zod';
import { defineOperation, type Operation } from '../jobs/index.ts';
import { noticesOf } from './notices.ts';
import { type Model, modelSchema, trainInputSchema } from './schema.ts';
import { listModels } from './store.ts';
import { train } from './train.ts';

function words(model: Model): string {
  const { id, name, kind, path, record } = model;
  const loss = record.heldoutLoss === undefined ? '' : `  held-out loss ${record.heldoutLoss}`;
  const notices = noticesOf(model).map((notice) => `  notice: ${notice}`);
  return [`${id}  ${kind.padEnd(8)}  ${name}${loss}`, `  ${path}`, ...notices].join('\n');
}

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'train',
    summary: 'train an adapter, a whole base or a model from scratch on a frozen dataset',
    example: 'train --dataset dst_0123456789ab --method lora --seconds 150',
    input: trainInputSchema,
    output: modelSchema,
    background: true,
    handler: train,
    show: words,
  }),
  defineOperation({
    name: 'models',
    summary: 'the models of this workspace',
    example: 'models --json',
    input: z.strictObject({}),
    output: z.object({ models: z.array(modelSchema) }),
    handler: async ({ db }) => ({ models: await listModels(db) }),
    show: ({ models }) => models.map(words).join('\n') || 'no models yet',
  }),
] as readonly Operation[];
