import { z } from 'zod';

/** Who signs, from the environment: keys are no options of a command, which others can read in the list of processes. */

const command = z.string().transform((text, context) => {
  const parsed = z.array(z.string().min(1)).min(1).safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  context.addIssue('expected a JSON array, such as ["/opt/hsm/sign", "--slot", "2"]');
  return z.NEVER;
});

const sources = ['BACKLOT_SIGN_KEY_FILE', 'BACKLOT_SIGN_KEY', 'BACKLOT_SIGN_COMMAND'] as const;

export const signingSchema = z
  .strictObject({
    BACKLOT_SIGN_CERTIFICATES: z
      .string()
      .optional()
      .describe("PEM file: the signer's own certificate first, its issuers behind it, the root last"),
    BACKLOT_SIGN_KEY_FILE: z
      .string()
      .optional()
      .describe('PEM file of the private key, readable by its owner alone'),
    BACKLOT_SIGN_KEY: z.string().optional().describe('the private key itself, PEM'),
    BACKLOT_SIGN_COMMAND: command
      .optional()
      .describe(
        'JSON array of program and arguments: gets the bytes to be signed on stdin, prints the signature',
      ),
  })
  .refine(
    (found) =>
      sources.filter((name) => found[name] !== undefined).length ===
      (found.BACKLOT_SIGN_CERTIFICATES ? 1 : 0),
    {
      message: `expected none of these, or BACKLOT_SIGN_CERTIFICATES with one of ${sources.join(', ')}`,
    },
  );

export type Signing = z.infer<typeof signingSchema>;
export const signingNames = signingSchema.keyof().options;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
