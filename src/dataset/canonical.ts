import { createHash } from 'node:crypto';
import { type ClipLine, clipLineSchema } from '../contract/index.ts';

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** JSON with sorted keys and no spaces: equal values have equal bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}

/** One canonical JSON a line, each line ended. */
export const canonicalLines = (values: readonly unknown[]): string =>
  values.map((value) => `${canonicalJson(value)}\n`).join('');

/** The manifest's bytes: lines sorted by clip id. Its sha256 is the dataset's digest. */
export function manifestOf(lines: readonly ClipLine[]): string {
  return canonicalLines([...lines].sort((a, b) => (a.id < b.id ? -1 : 1)));
}

/** Reads a manifest back. Throws a ZodError or SyntaxError where a line is not a clip. */
export const parseManifest = (text: string): ClipLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => clipLineSchema.parse(JSON.parse(line)));
