import { resolve } from 'node:path';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { type C2paReading, readManifest } from './c2pa.ts';
import { sha256Of } from './digest.ts';
import { explain } from './explain.ts';
import { findTakes } from './find.ts';
import { readMedia } from './formats.ts';
import { readAnchors } from './identity.ts';
import { lineageLabel, trainedModelSource } from './manifest.ts';
import { type EmbeddedLineage, embeddedLineageSchema, type Verification } from './schema.ts';

/**
 * What the signature in a file proves, in facts and in words. Reads the file alone; nothing is fetched.
 * @param anchors root certificates (PEM) of signers to trust; null: none
 * @throws BacklotError `file-unreadable` where the bytes are not a file of the kind its name says
 */
export async function verifyFile(path: string, anchors: string | null = null): Promise<Verification> {
  const { content, mime } = await readMedia(resolve(path));
  const reading = await readOrExplain(path, content, mime, anchors);
  const facts = reading ? signedFacts(reading) : unsignedFacts;
  const verification = { file: resolve(path), sha256: sha256Of(content), ...facts, found: null };
  return { ...verification, words: explain(verification) };
}

/**
 * What the signature proves, and of an unsigned file also what `findTakes` says of it, where there is a workspace.
 * @throws BacklotError as `verifyFile`
 */
export async function verifyOrFind(context: Context, path: string): Promise<Verification> {
  const verification = await verifyFile(path, await readAnchors(context.paths.keys));
  if (verification.state !== 'unsigned' || !('db' in context)) return verification;
  const found = await findTakes(context, path).catch(notComparable);
  const said = 'words' in found ? found.words : [`It was not compared with the takes: ${found.message}`];
  return { ...verification, found: 'words' in found ? found : null, words: [...verification.words, ...said] };
}

/** A picture, or a video too short or too long, has no signature all the same. */
function notComparable(error: unknown): BacklotError {
  if (error instanceof BacklotError && /^(no-video|video-too-.*|ffprobe-failed)$/.test(error.code))
    return error;
  throw error;
}

async function readOrExplain(path: string, content: Buffer, mime: string, anchors: string | null) {
  try {
    return await readManifest(content, mime, anchors);
  } catch (error) {
    throw new BacklotError('file-unreadable', {
      expected: `a whole ${mime} file`,
      where: path,
      found: String(error),
      remedy: 'The file is damaged or of another kind: play it, and copy it again from where it came.',
    });
  }
}

export type Facts = Omit<Verification, 'words' | 'file' | 'sha256' | 'found'>;

const unsignedFacts: Facts = {
  state: 'unsigned',
  signedBy: null,
  trusted: false,
  altered: null,
  madeBy: null,
  trainedModel: null,
  lineage: null,
  failures: [],
};

const states = { Trusted: 'trusted', Valid: 'valid-unknown-signer', Invalid: 'invalid' } as const;

function signedFacts({ state, failures, manifest }: C2paReading): Facts {
  const generator = manifest?.claim_generator_info?.[0];
  return {
    state: states[state],
    signedBy: manifest?.signature_info?.common_name ?? manifest?.signature_info?.issuer ?? null,
    trusted: state === 'Trusted',
    altered: isAltered(state, failures),
    madeBy: generator ? [generator.name, generator.version].filter(Boolean).join(' ') : null,
    trainedModel: manifest ? saysTrainedModel(manifest) : null,
    lineage: manifest ? lineageIn(manifest) : null,
    failures,
  };
}

/** A hash that does not match is an alteration; other failures leave open whether the content is as signed. */
function isAltered(state: C2paReading['state'], failures: C2paReading['failures']): boolean | null {
  if (state !== 'Invalid') return false;
  return failures.some(({ code }) => code.endsWith('ismatch')) ? true : null;
}

type Manifest = NonNullable<C2paReading['manifest']>;

const actionsSchema = z.looseObject({
  actions: z.array(z.looseObject({ action: z.string(), digitalSourceType: z.string().optional() })),
});

function saysTrainedModel(manifest: Manifest): boolean {
  return manifest.assertions
    .filter((assertion) => /^c2pa\.actions(\.v2)?$/.test(assertion.label))
    .flatMap((assertion) => actionsSchema.safeParse(assertion.data).data?.actions ?? [])
    .some((action) => action.action === 'c2pa.created' && action.digitalSourceType === trainedModelSource);
}

function lineageIn(manifest: Manifest): EmbeddedLineage | null {
  const assertion = manifest.assertions.find(({ label }) => label === lineageLabel);
  return embeddedLineageSchema.safeParse(assertion?.data).data ?? null;
}
