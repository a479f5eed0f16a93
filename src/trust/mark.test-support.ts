import { createHash, createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../contract/index.ts';
import { envelopeOf, signed } from './envelope.ts';
import { issuePermit } from './permit.ts';
import { runKey } from './run-key.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');

/** An outcome as the run itself leaves it: under its permit, marked with the key that this names. `job.json` lies there. */
export async function leaveOutcome(directory: string, id: string, outcome: object): Promise<void> {
  const text = await readFile(join(directory, 'job.json'), 'utf8');
  const { seed, publicKey } = await runKey(id);
  await issuePermit(directory, { id } as Job, text, []);
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: base64url(seed), x: base64url(publicKey) };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const keyid = createHash('sha256').update(Buffer.from(publicKey, 'hex')).digest('hex').slice(0, 16);
  const bytes = JSON.stringify(outcome);
  const said = { version: 1, files: { 'outcome.json': sha256(bytes) } };
  const mark = envelopeOf('application/vnd.backlot.mark+json', said, { id: keyid, key });
  const permit = JSON.parse(await readFile(join(directory, 'permit.json'), 'utf8'));
  await writeFile(join(directory, 'outcome.mark.json'), JSON.stringify({ permit, mark }));
  await writeFile(join(directory, 'outcome.json'), bytes);
}

/** A permit of a version that gave runs no keys. */
export async function permitWithoutKey(directory: string, id: string): Promise<void> {
  const job = sha256(await readFile(join(directory, 'job.json'), 'utf8'));
  const permit = await signed('application/vnd.backlot.permit+json', {
    ...{ version: 1, run: id, job, issuedAt: new Date().toISOString() },
  });
  await writeFile(join(directory, 'permit.json'), permit);
}
