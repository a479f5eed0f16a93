import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, type DatasetInput, type Seal, sealSchema, targetsOf } from '../contract/index.ts';
import { signed, statementIn } from './envelope.ts';
import { trustedKeys } from './retired.ts';

/** A seal that was read: `sha256` is that of its file. */
export interface SealedBy {
  seal: Seal;
  sha256: string;
}

type Said = Partial<Pick<Seal, keyof ForWhom | 'performer'>>;

interface ForWhom {
  trainer: string;
  model: string | null;
  performers: string[];
}

/** For whom a snapshot was decided; seals of earlier versions say nothing of it, and were decided for any model in-house. */
export const forWhomOf = ({ trainer = 'in-house', model = null, ...said }: Said): ForWhom => ({
  trainer,
  model,
  performers: targetsOf(said),
});

const sealPath = (folder: string) => join(folder, 'seal.json');

/** Signs by what right the snapshot in a folder may be used; a seal that lies there is replaced. */
export async function writeSeal(folder: string, seal: Seal): Promise<void> {
  const text = await signed('application/vnd.backlot.seal+json', sealSchema.parse(seal));
  const draft = `${sealPath(folder)}.tmp`;
  await writeFile(draft, text);
  await rename(draft, sealPath(folder));
}

/** The seal of clips that this machine rendered: nobody else has a right in them. Whoever calls this says so. */
export async function sealRendered({ path, digest }: DatasetInput): Promise<void> {
  const now = new Date().toISOString();
  await writeSeal(path, {
    ...{ version: 1, snapshot: digest, basis: 'rendered', use: 'train.foundation', territory: 'world' },
    ...{ asOf: now, decidedAt: now, ruleVersion: null, ledger: null, decisions: null },
    ...{ outcomes: {}, reasons: {} },
  });
}

/**
 * The seal of a snapshot, if a trusted key signed it for this very digest.
 * @throws BacklotError `not-sealed`, `signature-invalid`
 */
export async function readSeal({ path, digest }: DatasetInput): Promise<SealedBy> {
  const text = await readFile(sealPath(path), 'utf8').catch(() => null);
  if (text === null) throw notSealed(sealPath(path), `a seal of snapshot ${digest}`, 'none');
  const statement = statementIn(
    text,
    'application/vnd.backlot.seal+json',
    await trustedKeys(),
    sealPath(path),
    'Freeze the dataset again: the seal of a key that was retired, or that is not trusted here, lets nothing train.',
  );
  const seal = sealSchema.parse(statement);
  if (seal.snapshot !== digest) throw notSealed(sealPath(path), `snapshot ${digest}`, seal.snapshot);
  return { seal, sha256: createHash('sha256').update(text).digest('hex') };
}

/**
 * What lies beside a seal says of the snapshot what was signed; seals of earlier versions and of rendered worlds do not hold it.
 * @throws BacklotError `snapshot-altered`
 */
export async function refuseAlteredRecord(folder: string, { record }: Seal): Promise<void> {
  if (record === undefined) return;
  const path = join(folder, 'snapshot.json');
  const bytes = await readFile(path).catch(() => null);
  const found = bytes && createHash('sha256').update(bytes).digest('hex');
  if (found === record) return;
  throw new BacklotError('snapshot-altered', {
    expected: `the record that was signed (sha256 ${record})`,
    where: path,
    found: found === null ? 'none' : `sha256 ${found}`,
    remedy: '`backlot dataset verify` says what differs. Freeze the dataset again.',
  });
}

const notSealed = (where: string, expected: string, found: string) =>
  new BacklotError('not-sealed', {
    expected,
    where,
    found,
    remedy: 'Freeze the dataset again: snapshots of older versions carry no seal.',
  });
