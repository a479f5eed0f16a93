import { hash } from 'node:crypto';

/** sha256 of bytes or text, 64 lower-case hex digits. */
export const sha256Of = (content: Uint8Array | string): string => hash('sha256', content, 'hex');

/** JSON with keys sorted at every depth and no spaces, so that equal records have equal digests. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join(',')}}`;
}

/** Digest of a record: sha256 of its canonical JSON. */
export const digestOf = (record: unknown): string => sha256Of(canonicalJson(record));
