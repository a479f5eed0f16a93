import { z } from 'zod';
import { reachedBySchema } from '../rights/schema.ts';

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

/** A thing and a withdrawal that has reached it; where several have, each is an item. */
export const withdrawnItemSchema = z.strictObject({
  kind: touchedKindSchema,
  id: z.string(),
  ...reachedBySchema.shape,
});

export type WithdrawnItem = z.infer<typeof withdrawnItemSchema>;
