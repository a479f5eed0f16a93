import { z } from 'zod';
import { defineOperation, type Operation } from '../jobs/context.ts';
import { noticesOf } from './notices.ts';
import { asGiven } from './queued.ts';
import {
  declaredSchema,
  declareInputSchema,
  exportInputSchema,
  exportOutputSchema,
  type Imported,
  importedSchema,
  importInputSchema,
  type ListedModel,
  listedModelSchema,
  locateInputSchema,
  type Model,
  modelSchema,
  notLegalAdvice,
  originWords,
  trainInputSchema,
  undeclaredWords,
} from './schema.ts';

function words(model: Model): string {
  const { id, name, kind, path, record } = model;
  const notices = noticesOf(model).map((notice) => `  notice: ${notice}`);
  return [`${id}  ${kind.padEnd(8)}  ${name}${lossWords(record)}`, `  ${path}`, ...notices].join('\n');
}

/** Of what was trained here; nothing of others. */
function lossWords({ heldoutLoss }: Model['record']): string {
  if (heldoutLoss === undefined) return '';
  if (typeof heldoutLoss !== 'number') return '  held-out loss not measured: no clip was held out';
  return `  held-out loss ${heldoutLoss.toFixed(3)} (of the velocity, on scenes that it did not learn from)`;
}

function importedWords({ origin, ...model }: Imported): string {
  const said = origin ? originWords(origin) : model.snapshotId === null ? undeclaredWords(model) : null;
  return [words(model), ...(said === null ? [] : [`  ${said}`])].join('\n');
}

function listedWords({ retired, blocked, ...model }: ListedModel): string {
  const outOfUse = [
    ...(retired ? [`  RETIRED ${retired.at.slice(0, 10)} by ${retired.by}: ${retired.reason}`] : []),
    ...blocked.map(({ row, at }) => `  BLOCKED ${at.slice(0, 10)}: the withdrawal of ${row} reached it`),
  ];
  return [words(model), ...outOfUse].join('\n');
}

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'train',
    summary: 'train an adapter, a whole base or a model from scratch on a frozen dataset',
    example: 'train --dataset dst_0123456789ab --method lora --seconds 150',
    input: trainInputSchema,
    asGiven,
    output: modelSchema,
    background: true,
    permits: true,
    handler: async (context, input) => (await import('./train.ts')).train(context, input),
    show: words,
  }),
  defineOperation({
    name: 'adapter.export',
    summary: 'write an adapter as files for other programs, with its card',
    example: 'adapter export mdl_0123456789ab --to exports --style comfyui',
    input: exportInputSchema,
    positional: ['model'],
    output: exportOutputSchema,
    background: true,
    permits: true,
    handler: async (context, input) => (await import('./exchange.ts')).exportAdapter(context, input),
    show: ({ files, card }) =>
      [...files.flatMap(({ file, sha256 }) => [file, `  sha256 ${sha256}`]), `  card ${card}`].join('\n'),
  }),
  defineOperation({
    name: 'adapter.import',
    summary: 'take an exported adapter into this workspace, with what is said of where it came from',
    example:
      'adapter import rain.safetensors --maker "Example Labs" --licence Apache-2.0 --learned-from "40 clips that they filmed (their card)"',
    input: importInputSchema,
    positional: ['file'],
    output: importedSchema,
    background: true,
    begins: true,
    handler: async (context, input) => (await import('./exchange.ts')).importAdapter(context, input),
    show: importedWords,
  }),
  defineOperation({
    name: 'model.declare',
    summary: 'say what a model from outside learned from: before, no takes are drawn with it',
    example:
      'model declare mdl_0123456789ab --maker "Wan-AI" --licence Apache-2.0 --learned-from "videos of their choice (model card)"',
    input: declareInputSchema,
    positional: ['model'],
    output: declaredSchema,
    handler: async (context, input) => ({
      ...(await (await import('./origin.ts')).declareOrigin(context, input)),
      ...{ model: input.model, notice: notLegalAdvice },
    }),
    show: ({ model, notice, ...origin }) => `${model}  ${originWords(origin)}\n${notice}`,
  }),
  defineOperation({
    name: 'model.locate',
    summary: 'say where the folder of a base lies now, such as of one that an earlier Backlot brought',
    example: 'model locate mdl_0123456789ab base-3/assets/base',
    input: locateInputSchema,
    positional: ['model', 'folder'],
    output: modelSchema,
    handler: async (context, input) => (await import('./locate.ts')).locateModel(context, input),
    show: words,
  }),
  defineOperation({
    name: 'models',
    summary: 'the models of this workspace, with those that are out of use called so',
    example: 'models --json',
    input: z.strictObject({}),
    output: z.object({ models: z.array(listedModelSchema) }),
    handler: async ({ db }) => ({ models: await (await import('./standing.ts')).modelsWithStanding(db) }),
    show: ({ models }) => models.map(listedWords).join('\n') || 'no models yet',
  }),
] as readonly Operation[];
