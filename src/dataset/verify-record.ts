import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Seal } from '../contract/index.ts';
import { forWhomOf } from '../trust/index.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { type Snapshot, type SnapshotRecord, snapshotRecordSchema } from './schema.ts';

/** What is said of a field: by the record, and by what it is measured with. */
type Said = Readonly<Record<string, unknown>>;

/**
 * What `snapshot.json` says other than was signed, field by field, or other than the database, where the seal does not hold the field.
 * @param seal null: none that is trusted, which is told by itself
 */
export async function recordProblems(snapshot: Snapshot, seal: Seal | null): Promise<string[]> {
  const text = await readFile(join(snapshot.path, 'snapshot.json'), 'utf8');
  const record = snapshotRecordSchema.parse(JSON.parse(text));
  const signed = seal === null ? {} : sealedFields(seal);
  const found = fieldsOf(record);
  const known = Object.entries(fieldsOf(snapshot)).filter(([field]) => !(field in signed));
  return [
    ...bytesProblem(text, seal),
    ...differences(found, signed, 'seal.json'),
    ...differences(found, Object.fromEntries(known), 'the database'),
  ];
}

function bytesProblem(text: string, seal: Seal | null): string[] {
  if (seal?.record === undefined || sha256(text) === seal.record) return [];
  return [`its bytes have sha256 ${sha256(text)}, the seal holds ${seal.record}`];
}

const differences = (found: Said, expected: Said, whose: string): string[] =>
  Object.entries(expected).flatMap(([field, value]) => {
    const [wanted, said] = [shownAs(value), shownAs(found[field])];
    return wanted === said ? [] : [`${field}: expected ${wanted} (${whose}), found ${said}`];
  });

const shownAs = (value: unknown): string => (value === undefined ? 'nothing' : canonicalJson(value));

/** Options and rights by their own fields, the rest whole. For whom it was is said in the same words by all versions. */
function fieldsOf({ options, rights, ...record }: SnapshotRecord | Snapshot): Said {
  const { id: _, path: __, frozenAt: ___, ...rest } = record as Partial<Snapshot>;
  return {
    ...rest,
    ...named('options', { ...options, performer: undefined, ...forWhomOf(options) }),
    ...named('rights', rights),
  };
}

/** The fields of a record that a seal holds as well. Seals of earlier versions do not say for whom. */
function sealedFields(seal: Seal): Said {
  const { snapshot: digest, use, territory, asOf, outcomes, reasons, ledger, ruleVersion } = seal;
  const whom = seal.trainer === undefined ? {} : forWhomOf(seal);
  return {
    digest,
    ...named('options', { use, territory, asOf, ...whom }),
    ...named('rights', { outcomes, reasons, ledger, ruleVersion }),
  };
}

const named = (section: string, fields: object): Said =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${section}.${name}`, value]));

/** What a seal of an earlier version leaves to the database's word. */
export const unsealedWords = (seal: Seal | null): string[] =>
  seal === null || seal.record !== undefined
    ? []
    : [
        'Its seal is of an earlier version and does not hold the whole record: what snapshot.json says of assumptions, clips, captions, skipped, titles, sources and notices was compared with the database alone.',
      ];
