import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf } from '../contract/index.ts';
import { Refusal } from './refusal.ts';
import type { Sidecar } from './schema.ts';

/** Reads a sidecar and checks that it is what its name says. @throws Refusal `empty-file`, `bad-sidecar` */
export async function readSidecar(path: string): Promise<{ kind: Sidecar['kind']; sha256: string }> {
  const bytes = await readFile(path);
  if (bytes.length === 0) throw new Refusal('empty-file', 'it holds no bytes: copy it again');
  const kind = extname(path).slice(1).toLowerCase() as Sidecar['kind'];
  const problem = problems[kind](bytes);
  if (problem) throw new Refusal('bad-sidecar', `${problem}: correct it, or leave it out`);
  return { kind, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const problems: Record<Sidecar['kind'], (bytes: Buffer) => string | null> = {
  srt: (bytes) => (hasCue(bytes) ? null : 'it holds no subtitle (no line with -->)'),
  csv: (bytes) => thrownBy(() => parse(bytes, { bom: true, skip_empty_lines: true })),
  json: (bytes) => thrownBy(() => JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''))),
};

/** Also in UTF-16, where every other byte of the arrow is zero. */
const hasCue = (bytes: Buffer): boolean => bytes.toString('latin1').replaceAll('\0', '').includes('-->');

function thrownBy(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
