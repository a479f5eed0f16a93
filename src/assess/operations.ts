import { defineOperation, type Operation } from '../jobs/context.ts';
import { assessInputSchema, forecastSchema } from './schema.ts';

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'assess',
    summary: 'forecast whether a dataset is enough, before the long training',
    example: 'assess --dataset dst_0123456789ab',
    input: assessInputSchema,
    output: forecastSchema,
    background: true,
    permits: true,
    handler: async (context, input) => (await import('./assess.ts')).assess(context, input),
    show: ({ words, plot }) => `${words}\n${plot}`,
  }),
] as readonly Operation[];
