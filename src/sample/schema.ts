import { z } from 'zod';

/** How much the studio renders: a handful of shots for tests, the demo, or parameter films for benches. */
export const studioOptionsSchema = z.object({
  dir: z.string().min(1).describe('folder for films, sidecars, truth files and the ledger'),
  seed: z.int().min(0).default(1).describe('same seed, same bytes'),
  size: z
    .enum(['tiny', 'demo', 'large'])
    .default('demo')
    .describe('2 titles of 4 shots, 7 titles, or all 10'),
  shotsPerTitle: z
    .int()
    .min(1)
    .max(400)
    .optional()
    .describe("story shots of each cleared title, in place of the size's own"),
});

export type StudioOptions = z.input<typeof studioOptionsSchema>;
export type ResolvedStudioOptions = z.output<typeof studioOptionsSchema>;

/** What the studio's ledger says of a title. */
export const rightsCases = [
  'cleared',
  'no_grant',
  'expired',
  'territory',
  'use_not_granted',
  'unknown',
] as const;
export type RightsCase = (typeof rightsCases)[number];
