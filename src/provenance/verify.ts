import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { takesOfFiles } from '../generate/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { readAnchors } from './anchors.ts';
import { withdrawnOf } from './blocks.ts';
import { readManifest } from './c2pa.ts';
import { explain } from './explain.ts';
import { findTakes } from './find.ts';
import { formatOf, inMemoryBytes, sidecarOf } from './formats.ts';
import { compositeSource, lineageLabel, trainedSource } from './manifest.ts';
import { readMaster } from './masters.ts';
import { ownWords } from './own-bytes.ts';
import type { C2paReading, Manifest } from './reading.ts';
import { type EmbeddedLineage, embeddedLineageSchema, type Verification } from './schema.ts';

/**
 * What the signature in a file, or beside it, proves, in facts and in words. Reads those alone; nothing is fetched.
 * @param anchors root certificates (PEM) of signers to trust; null: none
 * @throws BacklotError `file-unreadable` where the bytes are not a file of the kind its name says; `format-unknown`, `no-such-file`
 */
export async function verifyFile(name: string, anchors: string | null = null): Promise<Verification> {
  const path = resolve(name);
  const { mime, carries, bytes } = await formatOf(path);
  const inFile = carries ? await readable(path, () => embedded({ path, mime, bytes }, anchors)) : null;
  const beside = inFile ? null : await sidecarBeside(path);
  const reading = beside
    ? await readable(beside, () => readMaster({ path, mime, sidecar: beside }, anchors))
    : inFile;
  const facts = reading ? signedFacts(reading) : unsignedFacts;
  const unasked = { withdrawn: null, found: null };
  const verification = { file: path, sha256: await fileHash(path), sidecar: beside, ...facts, ...unasked };
  return { ...verification, words: explain(verification, carries) };
}

/**
 * What the signature proves, and where there is a workspace whether the take was withdrawn; of an unsigned file also what is known of
 * its bytes, and what `findTakes` says of it.
 * @throws BacklotError as `verifyFile`
 */
export async function verifyOrFind(context: Context, path: string): Promise<Verification> {
  const read = await verifyFile(path, await readAnchors(context.paths.keys));
  if (!('db' in context)) return read;
  const verification = await withWithdrawals(context.db, read);
  if (verification.state !== 'unsigned') return verification;
  const own = await ownWords(context.db, path, verification.sha256);
  const found = await findTakes(context, path).catch(notComparable);
  const said = 'words' in found ? found.words : [`It was not compared with the takes: ${found.message}`];
  return {
    ...verification,
    found: 'words' in found ? found : null,
    words: [...verification.words, ...own, ...said],
  };
}

/** A file is of a take by its bytes, or by what its signature names, also where that does not hold any more. */
async function withWithdrawals(db: Db, verification: Verification): Promise<Verification> {
  const { sha256, lineage, words } = verification;
  const own = (await takesOfFiles(db, [sha256])).map(({ id }) => id);
  const takes = [...new Set([...(lineage ? [lineage.take] : []), ...own])];
  const reached = await withdrawnOf(db, 'take', takes);
  const withdrawn = reached.map(({ id, row, at }) => ({ take: id, row, at }));
  const [verdict = '', ...rest] = words;
  const said = withdrawn.map(
    ({ take, row, at }) =>
      `WITHDRAWN: ${row}, withdrawn ${at.slice(0, 10)}, has reached take ${take}, which this is.`,
  );
  return { ...verification, withdrawn, words: [verdict, ...said, ...rest] };
}

/** A picture, or a video too short or too long, has no signature all the same. */
function notComparable(error: unknown): BacklotError {
  if (error instanceof BacklotError && /^(no-video|video-too-.*|ffprobe-failed)$/.test(error.code))
    return error;
  throw error;
}

async function embedded(
  { path, mime, bytes }: { path: string; mime: string; bytes: number },
  anchors: string | null,
) {
  if (bytes > inMemoryBytes) return readMaster({ path, mime, sidecar: null }, anchors);
  return readManifest(await readFile(path), mime, anchors);
}

async function sidecarBeside(path: string): Promise<string | null> {
  const sidecar = sidecarOf(path);
  const facts = await stat(sidecar).catch(() => null);
  return facts?.isFile() ? sidecar : null;
}

async function readable(path: string, read: () => Promise<C2paReading | null>): Promise<C2paReading | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BacklotError && error.code !== 'module-refused') throw error;
    throw new BacklotError('file-unreadable', {
      expected: 'a whole file of the kind that its ending says',
      where: path,
      found: error instanceof BacklotError ? error.facts.found : String(error),
      remedy: 'The file is damaged or of another kind: play it, and copy it again from where it came.',
    });
  }
}

export type Facts = Omit<Verification, 'words' | 'file' | 'sha256' | 'sidecar' | 'withdrawn' | 'found'>;

const unsignedFacts: Facts = {
  state: 'unsigned',
  signedBy: null,
  trusted: false,
  signerTrusted: false,
  altered: null,
  madeBy: null,
  trainedModel: null,
  madeOf: [],
  lineage: null,
  failures: [],
};

const states = { Trusted: 'trusted', Valid: 'valid-unknown-signer', Invalid: 'invalid' } as const;

function signedFacts({ state, signerTrusted, failures, manifests }: C2paReading): Facts {
  const [manifest] = manifests;
  const generator = manifest?.claim_generator_info?.[0];
  return {
    state: states[state],
    signedBy: manifest?.signature_info?.common_name ?? manifest?.signature_info?.issuer ?? null,
    trusted: state === 'Trusted',
    signerTrusted,
    altered: isAltered(state, failures),
    madeBy: generator ? [generator.name, generator.version].filter(Boolean).join(' ') : null,
    trainedModel: manifest ? manifests.some(saysTrainedModel) : null,
    madeOf: (manifest?.ingredients ?? []).map(({ title, relationship }) => ({
      title: title ?? '',
      relationship,
    })),
    lineage: manifest ? lineageIn(manifest) : null,
    failures,
  };
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

function lineageIn(manifest: Manifest): EmbeddedLineage | null {
  const assertion = manifest.assertions.find(({ label }) => label === lineageLabel);
  return embeddedLineageSchema.safeParse(assertion?.data).data ?? null;
}
