import { basename, join, resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { shotsInFiles } from '../generate/index.ts';
import { appendAudit, type Context, fileHash } from '../jobs/index.ts';
import { readAnchors } from './anchors.ts';
import { handOver } from './delivery/hand-over.ts';
import type { Declaration } from './delivery-schema.ts';
import { formatOf, sidecarOf } from './formats.ts';
import { type Derivation, derivedManifest, parentOf, signingAct } from './manifest.ts';
import { readMaster, signMaster } from './masters.ts';
import type { ProvenanceRecord, Signed, SignInput } from './schema.ts';
import { mustBeTrusted, signTakes } from './sign.ts';
import { signerOf } from './signer.ts';
import { filmsOf } from './store.ts';
import { boxesToState, isBoxed, mustBeAsStated } from './unhashed.ts';
import { refuseUnnamed } from './unnamed.ts';

type SignedFile = Signed['files'][number];

/**
 * Signs copies of files that were made of takes, each with the takes as its ingredients, and hands them over: with the five answers
 * about the takes, as these themselves would be (ADR 0107). That they were made of them is on the word of who runs this, as the audit log
 * records. What the workspace itself can tell to be untrue is refused: a film of the catalogue was made of no take, and what a file is
 * or shows beside the takes that are named is asked of its bytes, its manifest and its pictures (ADR 0163).
 * @throws BacklotError `blocked`, `no-such-take`, `no-such-file`, `format-unknown`, `file-exists`, `file-catalogued`, `take-unnamed`,
 *   `signing-failed`, as `handOver`; nothing is handed over then
 */
export async function signFiles(context: Context, input: SignInput): Promise<Signed> {
  const { takes, derivation } = input;
  const to = resolve(input.to);
  const jobs = await planned(input.files);
  await refuseFilms(context, jobs);
  await refuseUnnamed(context, jobs, takes);
  const files: SignedFile[] = [];
  const fill = async (draft: string) => {
    const entries: Declaration['takes'] = [];
    const records = await signTakes(context, takes);
    for (const job of jobs) entries.push(...(await signOne(context, job, draft, { derivation, records })));
    files.push(...jobs.map((job) => placed(job, to, entries)));
    return entries;
  };
  // The log remembers what left under a signature, so that a withdrawal finds it.
  const note = async (db: Parameters<typeof appendAudit>[0]) => {
    for (const file of files)
      for (const subject of takes)
        await appendAudit(db, {
          ...{ who: context.who, what: signingAct, subject, details: { ...file, derivation } },
        });
  };
  const delivery = await handOver(context, input, { takes, to, fill, note });
  return { takes, files, delivery };
}

interface Planned {
  source: string;
  name: string;
  sidecar: string | null;
  mime: string;
  still: boolean;
}

/** Everything is looked at before anything is written: a name is taken once. */
async function planned(files: readonly string[]): Promise<Planned[]> {
  const taken = new Set<string>();
  const plans: Planned[] = [];
  for (const file of files) {
    const { mime, carries, still } = await formatOf(file);
    const name = basename(file);
    const sidecar = carries ? null : sidecarOf(name);
    for (const one of [name, sidecar ?? []].flat()) {
      if (taken.has(one)) throw inTheWay(one);
      taken.add(one);
    }
    plans.push({ source: resolve(file), name, sidecar, mime, still });
  }
  return plans;
}

const inTheWay = (name: string) =>
  new BacklotError('file-exists', {
    expected: 'a name of its own for each file',
    where: name,
    found: 'two of these files that would have the name',
    remedy: 'Give the files names of their own.',
  });

async function refuseFilms(context: Context, jobs: readonly Planned[]): Promise<void> {
  const files = new Map<string, string>();
  for (const { source } of jobs) files.set(source, await fileHash(source));
  const sources = new Map([...files].map(([source, sha256]) => [sha256, source]));
  const [film] = await filmsOf(context.db, [...sources.keys()]);
  if (film)
    throw catalogued(
      sources.get(film.sha256) ?? film.path,
      `the film ${film.path} of the catalogue, byte for byte`,
    );
  const [picture] = await shotsInFiles(context, files);
  if (!picture) return;
  const [sha256, shot] = picture;
  throw catalogued(sources.get(sha256) ?? '', `a picture that was cut out of shot ${shot} of a film here`);
}

const catalogued = (where: string, found: string): BacklotError =>
  new BacklotError('file-catalogued', {
    expected: 'a file that was made of the take',
    where,
    found,
    remedy: 'Name what was made of the take; films of the catalogue are what models learn from.',
  });

/** Signs a file into the folder, with its sidecar where its kind has one, and reads it back. */
async function signOne(
  context: Context,
  { source, name, sidecar, mime, still }: Planned,
  folder: string,
  { derivation, records }: { derivation: Derivation; records: readonly ProvenanceRecord[] },
): Promise<Declaration['takes']> {
  context.signal.throwIfAborted();
  context.report({ phase: `sign ${name}`, done: 0, total: 1, unit: 'files' });
  const made = { path: join(folder, name), mime, sidecar: sidecar && join(folder, sidecar) };
  const lineages = records.map(({ lineage }) => lineage);
  const boxes = isBoxed(mime) ? await boxesToState(source) : null;
  const manifest = derivedManifest(lineages, { name, mime, still, boxes }, derivation);
  const parents = records.map(({ takeId, signedPath: path }, n) => ({
    ...{ path, mime: 'video/mp4', ingredient: parentOf(takeId, n, derivation) },
  }));
  const signer = await signerOf(context.paths.keys);
  const job = { source, mime, target: made.path, sidecar: made.sidecar, manifest, parents };
  const { sha256, sidecar: sidecarSha256 } = await signMaster(job, signer).catch(namedAs(source));
  mustBeTrusted(name, await readMaster(made, await readAnchors(context.paths.keys)));
  if (boxes) await mustBeAsStated(made.path, boxes);
  return records.flatMap(({ takeId: id, recordDigest: lineage }) => {
    const entry = { id, file: name, sha256, lineage };
    return sidecar && sidecarSha256 ? [entry, { ...entry, file: sidecar, sha256: sidecarSha256 }] : [entry];
  });
}

/** The library does not say which file it refuses. */
const namedAs = (where: string) => (error: unknown) => {
  if (error instanceof BacklotError && error.code === 'module-refused')
    throw new BacklotError(error.code, { ...error.facts, where }, error);
  throw error;
};

/** Where a file lies once it is handed over. */
const placed = ({ name, sidecar }: Planned, to: string, entries: Declaration['takes']): SignedFile => ({
  ...{ file: join(to, name), sidecar: sidecar && join(to, sidecar) },
  sha256: entries.find(({ file }) => file === name)?.sha256 ?? '',
});
