import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import PQueue from 'p-queue';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { recordStanding, type Standing, standing } from '../rights/index.ts';
import { readAnchors } from './anchors.ts';
import { refuseTakes } from './blocks.ts';
import { embedManifest, readManifest } from './c2pa.ts';
import { canonicalJson, digestOf, sha256Of } from './digest.ts';
import { judgedOf, lineageReader } from './lineage.ts';
import { manifestOf } from './manifest.ts';
import { keepPrint } from './print/keep.ts';
import { untriedOf } from './print/store.ts';
import type { C2paReading } from './reading.ts';
import type { Lineage, ProvenanceRecord } from './schema.ts';
import { type Signer, signerOf } from './signer.ts';
import { readRecord, readTake, type Take, writeRecord } from './store.ts';
import { boxesToState, mustBeAsStated, type StatedBox } from './unhashed.ts';

const mime = 'video/mp4';

/** A fingerprint is made by two processes a take, so takes side by side use the cores; each holds its take in memory, hence few. */
const TAKES_AT_ONCE = Math.min(4, availableParallelism());

/** Signs one take; see `signTakes`. */
export async function signTake(context: Context, takeId: string): Promise<ProvenanceRecord> {
  const [record] = await signTakes(context, [takeId]);
  return record as ProvenanceRecord;
}

/**
 * Signs each take's MP4 into `takes/signed/<take>.mp4`, reads it back, and keeps its record and fingerprint. Takes that are signed
 * already by the same signer, whose file is still as it was and which nobody judged since, are left alone: a second call
 * goes on where the first was stopped. What replaces an earlier signature says so in the audit log.
 * @throws BacklotError `blocked`, `no-such-take`, `take-altered`, `signing-failed`, `signing-settings`; AbortError between two takes on cancel;
 *   what is being signed when another fails is signed before that is thrown
 */
export async function signTakes(context: Context, takeIds: readonly string[]): Promise<ProvenanceRecord[]> {
  const signing: Signing = {
    signer: await signerOf(context.paths.keys),
    anchors: await readAnchors(context.paths.keys),
    lineageOf: lineageReader(context),
    unprinted: await untriedOf(context.db, takeIds),
  };
  let done = 0;
  const next = async (id: string): Promise<ProvenanceRecord> => {
    context.signal.throwIfAborted();
    const record = await signAndPrint(context, id, signing);
    context.report({ phase: 'sign', done: ++done, total: takeIds.length, unit: 'takes' });
    return record;
  };
  return sideBySide(takeIds.map((id) => () => next(id)));
}

/** What all takes of one call share. */
interface Signing {
  signer: Signer;
  anchors: string | null;
  lineageOf: (takeId: string) => Promise<Lineage>;
  /** Takes of which nobody has tried to make a fingerprint. */
  unprinted: ReadonlySet<string>;
}

async function signAndPrint(context: Context, id: string, signing: Signing): Promise<ProvenanceRecord> {
  const by = await standing(context.db);
  await refuseTakes(context.db, [id]);
  const take = await readTake(context.db, id);
  // By now copies may be anywhere: a take must be known again when its signature, or its file here, is lost.
  const print = signing.unprinted.has(id) ? keepPrint(context, take) : null;
  const record = async () =>
    (await signedBefore(context, take, signing.signer)) ??
    sign(context, take, await signing.lineageOf(id), { ...signing, by });
  return both(record(), print);
}

/** Where one fails the rest is not begun, and what was begun has ended. */
async function sideBySide<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const queue = new PQueue({ concurrency: TAKES_AT_ONCE });
  try {
    return await queue.addAll(tasks);
  } finally {
    queue.clear();
    await queue.onIdle();
  }
}

/** The first; both have ended by then, also where one fails. */
async function both<T>(one: Promise<T>, other: Promise<unknown> | null): Promise<T> {
  await Promise.allSettled([one, other]);
  await other;
  return one;
}

/** The record that still says all there is to say; null: the take is to be signed. */
async function signedBefore(
  { db }: Context,
  take: Take,
  { fingerprint, isTest }: Signer,
): Promise<ProvenanceRecord | null> {
  const record = await readRecord(db, take.id);
  if (!record || record.lineage.take.videoSha256 !== take.videoSha256) return null;
  if (record.signer === null ? !isTest : record.signer !== fingerprint) return null;
  if (canonicalJson(record.lineage.judged ?? []) !== canonicalJson(await judgedOf({ db }, take.id)))
    return null;
  const content = await readFile(record.signedPath).catch(() => null);
  return content && sha256Of(content) === record.signedSha256 ? record : null;
}

async function sign(
  context: Context,
  take: Take,
  lineage: Lineage,
  { signer, anchors, by }: Signing & { by: Standing },
): Promise<ProvenanceRecord> {
  const content = await readWhole(take);
  const boxes = await boxesToState(take.videoPath);
  const signed = await embedManifest(content, mime, manifestOf(lineage, mime, boxes), signer);
  mustBeTrusted(take.id, await readManifest(signed, mime, anchors));
  const signedPath = join(context.paths.takes, 'signed', `${take.id}.mp4`);
  const record: ProvenanceRecord = {
    ...{ takeId: take.id, lineage, recordDigest: digestOf(lineage), signedPath },
    ...{ signedSha256: sha256Of(signed), state: 'Trusted', signedAt: new Date().toISOString() },
    signer: signer.fingerprint,
  };
  await keep(context, by, record, { signed, boxes });
  return record;
}

async function readWhole(take: Take): Promise<Buffer> {
  const content = await readFile(take.videoPath);
  if (sha256Of(content) === take.videoSha256) return content;
  throw new BacklotError('take-altered', {
    expected: `the file that was generated (sha256 ${take.videoSha256})`,
    where: take.videoPath,
    found: `sha256 ${sha256Of(content)}`,
    remedy: 'Generate the take again; a file of unknown content is not signed.',
  });
}

/** @throws BacklotError `signing-failed` */
export function mustBeTrusted(where: string, reading: C2paReading | null): void {
  if (reading?.state === 'Trusted') return;
  throw new BacklotError('signing-failed', {
    expected: 'a signature that reads back as trusted',
    where,
    found: reading ? [reading.state, ...reading.failures.map(({ code }) => code)].join(', ') : 'no signature',
    remedy:
      'Check the date of this machine, and that the last certificate of the signer is the root of the others; nothing was written.',
  });
}

/** The file, its record and its line in the audit log: all or none, and none where a withdrawal has reached the take by then. */
async function keep(
  { db, who }: Context,
  by: Standing,
  record: ProvenanceRecord,
  { signed, boxes }: { signed: Uint8Array; boxes: readonly StatedBox[] },
): Promise<void> {
  const { takeId, signedPath, signedSha256, recordDigest, state } = record;
  const draft = `${signedPath}.tmp`;
  await mkdir(dirname(signedPath), { recursive: true });
  await writeFile(draft, signed);
  const again = () => refuseTakes(db, [takeId]);
  const write = async (tx: Transaction) => {
    const before = await readRecord(tx, takeId);
    await writeRecord(tx, record);
    const replaces = before ? { replaces: before.signedSha256 } : {};
    const details = { signedSha256, recordDigest, state, ...replaces };
    await appendAudit(tx, { who, what: 'provenance.sign', subject: takeId, details });
    await rename(draft, signedPath);
  };
  try {
    await mustBeAsStated(draft, boxes);
    await recordStanding(db, by, again, write);
  } finally {
    await rm(draft, { force: true });
  }
}

type Transaction = Parameters<Parameters<typeof recordStanding>[3]>[0];
