import { access, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context, fileHash, makeFolder } from '../jobs/index.ts';
import { readAnchors } from './anchors.ts';
import { formatOf, sidecarOf } from './formats.ts';
import { derivedManifest, parentOf, signingAct } from './manifest.ts';
import { readMaster, signMaster } from './masters.ts';
import type { ProvenanceRecord, Signed, SignInput } from './schema.ts';
import { mustBeTrusted, signTake } from './sign.ts';
import { type Signer, signerOf } from './signer.ts';

type SignedFile = Signed['files'][number];

/**
 * Signs copies of files that were made of a take, each with the take as its ingredient. That they were is on the word
 * of who runs this, as the audit log records.
 * @throws BacklotError `blocked`, `no-such-take`, `no-such-file`, `format-unknown`, `file-exists`, `signing-failed`; files before it stay signed
 */
export async function signFiles(context: Context, input: SignInput): Promise<Signed> {
  const jobs = await planned(input);
  const signer = await signerOf(context.paths.keys);
  const record = await signTake(context, input.take);
  await makeFolder(input.to);
  const files: SignedFile[] = [];
  for (const job of jobs) {
    context.signal.throwIfAborted();
    files.push(await signOne(context, job, input, record, signer));
    context.report({ phase: 'sign', done: files.length, total: jobs.length, unit: 'files' });
  }
  return { take: input.take, files };
}

interface Planned {
  source: string;
  target: string;
  sidecar: string | null;
  mime: string;
  still: boolean;
}

/** Everything is looked at before anything is written: a name is taken once, and nothing is written over. */
async function planned({ files, to }: SignInput): Promise<Planned[]> {
  const taken = new Set<string>();
  const plans: Planned[] = [];
  for (const file of files) {
    const { mime, carries, still } = await formatOf(file);
    const target = join(resolve(to), basename(file));
    const sidecar = carries ? null : sidecarOf(target);
    for (const path of [target, sidecar ?? []].flat()) {
      if (taken.has(path) || (await exists(path))) throw inTheWay(path);
      taken.add(path);
    }
    plans.push({ source: resolve(file), target, sidecar, mime, still });
  }
  return plans;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const inTheWay = (path: string) =>
  new BacklotError('file-exists', {
    expected: 'a name that nothing has yet',
    where: path,
    found: 'a file, or two of these files that would have the name',
    remedy: 'Name another folder with --to, or give the files names of their own.',
  });

/** Under other names until it reads back as trusted: a folder holds whole files alone. */
async function signOne(
  context: Context,
  { source, target, sidecar, mime, still }: Planned,
  { take, derivation }: SignInput,
  { lineage, signedPath }: ProvenanceRecord,
  signer: Signer,
): Promise<SignedFile> {
  const draft = { path: `${target}.partial`, mime, sidecar: sidecar && `${sidecar}.partial` };
  const manifest = derivedManifest(lineage, { name: basename(target), mime, still }, derivation);
  const parent = { path: signedPath, mime: 'video/mp4', ingredient: parentOf(take, derivation) };
  try {
    await signMaster({ source, mime, target: draft.path, sidecar: draft.sidecar, manifest, parent }, signer);
    mustBeTrusted(target, await readMaster(draft, await readAnchors(context.paths.keys)));
    const sha256 = await fileHash(draft.path);
    if (draft.sidecar && sidecar) await rename(draft.sidecar, sidecar);
    await rename(draft.path, target);
    await keep(context, take, { file: target, sidecar, sha256 }, derivation);
    return { file: target, sidecar, sha256 };
  } finally {
    for (const path of [draft.path, draft.sidecar ?? []].flat()) await rm(path, { force: true });
  }
}

/** The log remembers what left under a signature, so that a withdrawal finds it. */
const keep = ({ db, who }: Context, take: string, file: SignedFile, derivation: string) =>
  appendAudit(db, { who, what: signingAct, subject: take, details: { ...file, derivation } });
