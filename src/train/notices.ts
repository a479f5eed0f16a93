import { z } from 'zod';
import type { Model } from './schema.ts';

const noticesSchema = z.array(z.object({ code: z.string(), message: z.string() })).catch([]);

/** What the engine had to say while it trained the model, in sentences. */
export const noticesOf = ({ record }: Pick<Model, 'record'>): string[] =>
  noticesSchema.parse(record.notices).map(({ message }) => message);
