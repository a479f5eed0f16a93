import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileHash } from '../jobs/index.ts';
import type { Snapshot } from './schema.ts';

/**
 * A snapshot as Croissant 1.1 (mlcommons.org/croissant): its files with their hashes, and its clips as records. What may be
 * done with the clips is the ledger's business; the file says which ledger, and licenses nothing.
 */

const conformsTo = 'http://mlcommons.org/croissant/1.1';

/** Terms of the vocabulary, as its own examples list them: readers warn about a context that lacks some. */
const terms = [
  ...['citeAs', 'column', 'equivalentProperty', 'extract', 'field', 'fileObject', 'fileProperty', 'fileSet'],
  ...['format', 'includes', 'isLiveDataset', 'jsonPath', 'key', 'md5', 'parentField', 'path', 'recordSet'],
  ...[
    'references',
    'regex',
    'repeated',
    'replace',
    'samplingRate',
    'separator',
    'source',
    'subField',
    'transform',
  ],
];

/** In the file itself, so that nothing has to be fetched to read it. */
const context = {
  ...{ '@language': 'en', '@vocab': 'https://schema.org/', sc: 'https://schema.org/' },
  ...{ cr: 'http://mlcommons.org/croissant/', rai: 'http://mlcommons.org/croissant/RAI/' },
  ...{ dct: 'http://purl.org/dc/terms/', conformsTo: 'dct:conformsTo' },
  ...{ data: { '@id': 'cr:data', '@type': '@json' }, examples: { '@id': 'cr:examples', '@type': '@json' } },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  ...Object.fromEntries(terms.map((term) => [term, `cr:${term}`])),
};

/** Columns of `manifest.jsonl`, with what each holds. */
const columns = [
  ['id', 'sc:Text', 'sha256 of the clip: uint8, frames x height x width x RGB'],
  ['shard', 'sc:Text', 'file that holds the clip'],
  ['offset', 'sc:Integer', 'where it begins there, in bytes'],
  ['bytes', 'sc:Integer', 'how long it is, in bytes'],
  ['frames', 'sc:Integer', 'frames of the clip'],
  ['height', 'sc:Integer', 'pixels'],
  ['width', 'sc:Integer', 'pixels'],
  ['fps', 'sc:Text', 'frames a second, as a fraction'],
  ['caption', 'sc:Text', 'what the clip shows'],
  ['captionSource', 'sc:Text', 'where the caption comes from'],
  ['title', 'sc:Text', 'id of the film work'],
  ['shot', 'sc:Text', 'id of the shot'],
  ['scene', 'sc:Text', 'scene of the shot: no scene is in both splits'],
  ['split', 'sc:Text', 'train or heldout'],
] as const;

const manifest = 'manifest.jsonl';

/** @param folder that holds the snapshot's files, as an export lays them out */
export async function croissantOf(snapshot: Snapshot, folder: string): Promise<object> {
  const { id, digest, frozenAt, clips, options, rights } = snapshot;
  const names = (await readdir(folder)).filter((name) => /\.(jsonl|parquet|u8)$/.test(name)).sort();
  const titles = snapshot.titles.map(({ name }) => name).join(', ');
  return {
    ...{ '@context': context, '@type': 'sc:Dataset', conformsTo, name: id, version: '1.0.0' },
    description: `${clips.train} training and ${clips.heldout} held-out clips of ${titles}. Cleared for ${options.use} in ${options.territory} as of ${options.asOf}.`,
    license: `No licence to others: cleared by ledger ${rights.ledger ?? 'none'}, rules ${rights.ruleVersion}. This is not legal advice.`,
    ...{ url: `urn:backlot:${digest}`, citeAs: `Backlot dataset ${id}, sha256 ${digest}` },
    ...{ datePublished: frozenAt.slice(0, 10), isLiveDataset: false },
    distribution: await Promise.all(names.map((name) => fileObject(folder, name))),
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'clips',
        name: 'clips',
        key: { '@id': 'clips/id' },
        field: columns.map(field),
      },
    ],
  };
}

/** Croissant's own names for them. */
const encodings: Record<string, string> = {
  '.jsonl': 'application/jsonlines',
  '.parquet': 'application/x-parquet',
  '.u8': 'application/octet-stream',
};

async function fileObject(folder: string, name: string): Promise<object> {
  const encodingFormat = encodings[extname(name)];
  const sha256 = await fileHash(join(folder, name));
  return { '@type': 'cr:FileObject', '@id': name, name, contentUrl: name, encodingFormat, sha256 };
}

const field = ([column, dataType, description]: (typeof columns)[number]): object => ({
  ...{ '@type': 'cr:Field', '@id': `clips/${column}`, name: column, description, dataType },
  source: { fileObject: { '@id': manifest }, extract: { column } },
});
