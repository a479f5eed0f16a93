import { z } from 'zod';

/** Keys that sign: making another, and putting one out of use. */

const id = z.string().regex(/^[0-9a-f]{16}$/);
const files = z.array(z.string());

const keysSchema = z.strictObject({
  signing: id.describe('id of the key that signs from now on'),
  trusted: files.describe('files of the public keys that are in force'),
  retired: files.describe(
    'files of those that are out of use: what they signed before is believed as of what was done',
  ),
});

export const rotateInputSchema = z.strictObject({});
export const rotateOutputSchema = keysSchema;

export const retireKeyInputSchema = z.strictObject({
  key: id.describe('id of a key that signs nothing any more'),
  stolen: z
    .boolean()
    .default(false)
    .describe(
      'somebody else may have had it: nothing that it signed is believed any more, not of what was done either',
    ),
});
export const retireKeyOutputSchema = keysSchema.extend({
  key: id,
  retiredAt: z.iso.datetime().nullable().describe('since when it is out of use; null: stolen'),
  anew: files.describe(
    'what was kept of audit logs under a stolen key, and is signed with the one that signs now',
  ),
  aside: files.describe(
    'what was kept of audit logs under a key that is not here, set aside: nobody can check it',
  ),
});

/** Who signed something that is read. */
export const signerSchema = z.strictObject({
  key: id,
  retiredAt: z.iso.datetime().nullable().describe('since when the key is out of use; it signed before that'),
  named: z.boolean().describe('believed as --key names it; false: by the keys of who asks'),
});

export const keyOption = z
  .string()
  .min(1)
  .optional()
  .meta({ kind: 'path' })
  .describe(
    "the studio's public key (PEM), had from the studio itself; without it: the keys that are believed here",
  );

export type SignedWith = z.infer<typeof signerSchema>;
export type KeysNow = z.infer<typeof keysSchema>;
export type RetiredKey = z.infer<typeof retireKeyOutputSchema>;
