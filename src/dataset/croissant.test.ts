import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { clipLineSchema } from '../contract/index.ts';
import { fileHash } from '../jobs/index.ts';
import { croissantOf } from './croissant.ts';
import type { Snapshot } from './schema.ts';

/** Read by the engine's tests too, there with mlcroissant where it is installed. */
const folder = fileURLToPath(new URL('../../test/fixtures/contract/croissant', import.meta.url));

const snapshot = {
  ...{ id: 'dst_0123456789ab', digest: 'd'.repeat(64), frozenAt: '2026-05-02T10:00:00.000Z', path: folder },
  options: { use: 'train.style', territory: 'world', asOf: '2026-05-01' },
  rights: { ledger: 'ldg_0123456789ab', ruleVersion: '3-0123456789ab', outcomes: {}, reasons: {} },
  ...{ clips: { train: 2, heldout: 1 }, titles: [{ id: 'ttl_harbour', name: 'Harbour' }] },
} as unknown as Snapshot;

interface Croissant {
  '@context': Record<string, unknown>;
  distribution: { '@id': string; name: string; contentUrl: string; encodingFormat: string; sha256: string }[];
  recordSet: {
    '@id': string;
    key: { '@id': string };
    field: {
      '@id': string;
      name: string;
      dataType: string;
      source: { fileObject: { '@id': string }; extract: { column: string } };
    }[];
  }[];
}

const made = (await croissantOf(snapshot, folder)) as Croissant & Record<string, unknown>;

it('is the file that the engine tests read', async () => {
  expect(made).toEqual(JSON.parse(await readFile(join(folder, 'croissant.json'), 'utf8')));
});

it('has what Croissant 1.1 asks of a dataset, and no context from elsewhere', () => {
  for (const name of [
    '@type',
    'name',
    'description',
    'license',
    'url',
    'conformsTo',
    'datePublished',
    'version',
  ])
    expect(made[name], name).toMatch(/./);
  expect(made.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(typeof made['@context']).toBe('object');
});

it('names every file by the bytes that it has', async () => {
  expect(made.distribution.map(({ name }) => name)).toEqual(['manifest.jsonl', 'shard-0000.u8']);
  for (const { contentUrl, sha256, encodingFormat } of made.distribution) {
    expect(await fileHash(join(folder, contentUrl))).toBe(sha256);
    expect(encodingFormat).toMatch(/^application\//);
  }
});

it('has a field for every column of the manifest, of its type, and a key among them', async () => {
  const [records] = made.recordSet;
  const [line = ''] = (await readFile(join(folder, 'manifest.jsonl'), 'utf8')).split('\n');
  const clip = clipLineSchema.parse(JSON.parse(line)) as Record<string, unknown>;
  expect(records?.field.map(({ source }) => source.extract.column).sort()).toEqual(
    Object.keys(clipLineSchema.shape).sort(),
  );
  for (const { name, dataType, source, '@id': id } of records?.field ?? []) {
    expect(source.fileObject['@id']).toBe('manifest.jsonl');
    expect(id).toBe(`clips/${name}`);
    expect(typeof clip[name]).toBe(dataType === 'sc:Integer' ? 'number' : 'string');
  }
  expect(records?.field.map((one) => one['@id'])).toContain(records?.key['@id']);
});
