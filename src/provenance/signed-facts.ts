import { z } from 'zod';
import { compositeSource, lineageLabel, trainedSource } from './manifest.ts';
import type { C2paReading, Manifest } from './reading.ts';
import { type EmbeddedLineage, embeddedLineageSchema, type Verification } from './schema.ts';
import { isChanged } from './unhashed.ts';

/** What a signature says of its file. */
export type Facts = Omit<Verification, 'words' | 'file' | 'sha256' | 'sidecar' | 'withdrawn' | 'found'>;

export const unsignedFacts: Facts = {
  state: 'unsigned',
  signedBy: null,
  trusted: false,
  signerTrusted: false,
  altered: null,
  unhashed: null,
  madeBy: null,
  trainedModel: null,
  madeOf: [],
  lineages: [],
  failures: [],
};

const states = { Trusted: 'trusted', Valid: 'valid-unknown-signer', Invalid: 'invalid' } as const;

export function signedFacts({ state, signerTrusted, failures, manifests }: C2paReading): Facts {
  const [manifest] = manifests;
  const generator = manifest?.claim_generator_info?.[0];
  return {
    state: states[state],
    signedBy: manifest?.signature_info?.common_name ?? manifest?.signature_info?.issuer ?? null,
    trusted: state === 'Trusted',
    signerTrusted,
    altered: isAltered(state, failures),
    unhashed: null,
    madeBy: generator ? [generator.name, generator.version].filter(Boolean).join(' ') : null,
    trainedModel: manifest ? manifests.some(saysTrainedModel) : null,
    madeOf: (manifest?.ingredients ?? []).map(({ title, relationship }) => ({
      title: title ?? '',
      relationship,
    })),
    lineages: manifest ? lineagesIn(manifest) : [],
    failures,
  };
}

/** Of a file that is as it was signed by C2PA's hashes, with what these leave out. */
export function withUnhashed(facts: Facts, unhashed: Facts['unhashed']): Facts {
  const changed = isChanged(unhashed);
  return { ...facts, unhashed, trusted: facts.trusted && !changed, altered: changed };
}

/** A hash that does not match is an alteration; other failures leave open whether the content is as signed. */
function isAltered(state: C2paReading['state'], failures: C2paReading['failures']): boolean | null {
  if (state !== 'Invalid') return false;
  return failures.some(({ code }) => code.endsWith('ismatch')) ? true : null;
}

const actionsSchema = z.looseObject({
  actions: z.array(z.looseObject({ action: z.string(), digitalSourceType: z.string().optional() })),
});

const sources: readonly (string | undefined)[] = [trainedSource, compositeSource];

function saysTrainedModel(manifest: Manifest): boolean {
  return manifest.assertions
    .filter((assertion) => /^c2pa\.actions(\.v2)?$/.test(assertion.label))
    .flatMap((assertion) => actionsSchema.safeParse(assertion.data).data?.actions ?? [])
    .some((action) => action.action === 'c2pa.created' && sources.includes(action.digitalSourceType));
}

/** One for each take that the file was made of. */
const lineagesIn = ({ assertions }: Manifest): EmbeddedLineage[] =>
  assertions
    .filter(({ label }) => label.replace(INSTANCE, '') === lineageLabel)
    .flatMap(({ data }) => embeddedLineageSchema.safeParse(data).data ?? []);

/** What C2PA adds to a label that stands more than once. */
const INSTANCE = /__\d+$/;

/** The takes that the manifests of a file name, its own and those of what it was made from; none where the signature does not hold. */
export function takesNamedIn({ state, signerTrusted, manifests }: C2paReading): string[] {
  if (state === 'Invalid' && !signerTrusted) return [];
  const told = manifests.flatMap(lineagesIn).map(({ take }) => take);
  const from = manifests.flatMap(({ ingredients }) => ingredients.flatMap(({ title }) => title ?? []));
  return [...new Set([...told, ...from])];
}
