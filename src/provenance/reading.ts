import { z } from 'zod';

/** What c2pa-rs says of a file, as WebAssembly and from Python alike. */

const statusSchema = z.looseObject({ code: z.string(), explanation: z.string().nullish() });

const ingredientSchema = z.looseObject({
  title: z.string().nullish(),
  relationship: z.string(),
  active_manifest: z.string().nullish(),
});

const manifestSchema = z.looseObject({
  title: z.string().nullish(),
  claim_generator_info: z.array(z.looseObject({ name: z.string(), version: z.string().nullish() })).nullish(),
  signature_info: z
    .looseObject({ issuer: z.string().nullish(), common_name: z.string().nullish() })
    .nullish(),
  ingredients: z.array(ingredientSchema).default([]),
  assertions: z.array(z.looseObject({ label: z.string(), data: z.unknown() })).default([]),
});

const storeSchema = z.looseObject({
  active_manifest: z.string().nullish(),
  manifests: z.record(z.string(), manifestSchema).default({}),
  validation_state: z.enum(['Trusted', 'Valid', 'Invalid']),
  validation_status: z.array(statusSchema).nullish(),
  validation_results: z
    .looseObject({
      activeManifest: z.looseObject({ success: z.array(statusSchema).default([]) }).nullish(),
    })
    .nullish(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** State, what failed, and the manifests: the active one first, then those of what it was made from. */
export interface C2paReading {
  state: 'Trusted' | 'Valid' | 'Invalid';
  /** The claim's signature holds and its certificate leads to an anchor; says nothing of the content's own hash. */
  signerTrusted: boolean;
  failures: { code: string; explanation: string }[];
  manifests: Manifest[];
}

const SIGNER_TRUSTED = ['signingCredential.trusted', 'claimSignature.validated'];

/** @param store the library's report; null where the file has no manifest */
export function readingOf(store: unknown): C2paReading | null {
  if (store === null) return null;
  const { active_manifest, manifests, validation_state: state, ...said } = storeSchema.parse(store);
  const held = new Set(said.validation_results?.activeManifest?.success.map(({ code }) => code));
  const signerTrusted = SIGNER_TRUSTED.every((code) => held.has(code));
  const failures = (said.validation_status ?? []).map(({ code, explanation }) => ({
    code,
    explanation: explanation ?? '',
  }));
  return { state, signerTrusted, failures, manifests: chainOf(manifests, active_manifest ?? '') };
}

/** Each manifest once, however often it was an ingredient. */
function chainOf(manifests: Record<string, Manifest>, active: string): Manifest[] {
  const labels = new Set([active]);
  for (const label of labels)
    for (const { active_manifest } of manifests[label]?.ingredients ?? [])
      if (active_manifest) labels.add(active_manifest);
  return [...labels].flatMap((label) => manifests[label] ?? []);
}
