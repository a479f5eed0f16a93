import { z } from 'zod';

/** What withdrawals reach, and what they have reached. */

export const touchedKindSchema = z.enum([
  'snapshot',
  'export',
  'forecast',
  'model',
  'run',
  'checkpoint',
  'take',
  'file',
  'cut',
  'delivery',
  'report',
  'sidecar',
  'endpoint',
  'backup',
]);

export const withdrawnItemSchema = z.strictObject({
  kind: touchedKindSchema,
  id: z.string(),
  row: z.string().describe('ledger row whose withdrawal reached it first'),
  at: z.iso.datetime().describe('when it was blocked'),
});

export type WithdrawnItem = z.infer<typeof withdrawnItemSchema>;
