import { z } from 'zod';
import { isCode } from './plain-text.ts';

/** What a person says, to be signed, kept and read by other programs, which would take a formula or markup for their own. */
export const plainWords = z
  .string()
  .min(1)
  .refine((text) => !isCode(text), { error: 'plain text, no formula or markup' });
