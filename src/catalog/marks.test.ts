import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'cborg';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeVideo } from '../media/index.ts';
import { embedManifest } from '../provenance/c2pa.ts';
import { signerOf } from '../provenance/signer.ts';
import { fingerprint } from './fingerprint.ts';
import { MarkPlaces, readMarks } from './marks.ts';
import type { Mark } from './schema.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-marks-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function marksOf(content: Buffer | Uint8Array): Promise<Mark[]> {
  const path = join(folder, 'film.bin');
  await writeFile(path, content);
  return (await fingerprint(path, () => {}, new AbortController().signal)).marks;
}

const mark = (says: string, permission: Mark['permission'], info: string | null = null): Mark => ({
  ...{
    standard: says.startsWith('DMI') ? 'iptc.data-mining' : 'cawg.training-mining',
    says,
    permission,
    info,
  },
});

/** An assertion as it lies in a manifest: a description with its label, then a box with the content. */
function assertion(label: string, content: Uint8Array, kind = 'cbor'): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(content.length + 8);
  return Buffer.concat([Buffer.from(`jumd....${label}\0`), head, Buffer.from(kind), content]);
}

const xmp = (value: string) =>
  Buffer.from(
    `<x:xmpmeta><rdf:Description plus:DataMining="http://ns.useplus.org/ldf/vocab/${value}"/></x:xmpmeta>`,
  );

describe('what a file says about training', () => {
  it('is read from a signed film, in whatever part of the file the manifest lies', async () => {
    const path = join(folder, 'plain.mp4');
    const frames = [Buffer.alloc(32 * 32 * 3, 90), Buffer.alloc(32 * 32 * 3, 120)];
    await encodeVideo({ path, width: 32, height: 32, fps: '12', frames });
    const plain = await readFile(path);
    expect(await marksOf(plain)).toEqual([]);
    const entries = {
      'cawg.ai_training': { use: 'notAllowed' },
      'cawg.data_mining': { use: 'constrained', constraint_info: 'https://example.com/policy' },
    };
    const actions = [
      {
        action: 'c2pa.created',
        digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
      },
    ];
    const manifest = {
      claim_generator_info: [{ name: 'test', version: '1' }],
      ...{ title: 'a', format: 'video/mp4' },
      assertions: [
        { label: 'c2pa.actions.v2', data: { actions }, created: true },
        { label: 'cawg.training-mining', data: { entries }, created: true },
      ],
    };
    const signed = await embedManifest(plain, 'video/mp4', manifest, await signerOf(folder));
    expect(await marksOf(signed)).toEqual(
      expect.arrayContaining([
        mark('cawg.ai_training', 'notAllowed'),
        mark('cawg.data_mining', 'constrained', 'https://example.com/policy'),
      ]),
    );
  });

  it.each([
    ['DMI-PROHIBITED-AIMLTRAINING', 'notAllowed'],
    ['DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING', 'notAllowed'],
    ['DMI-PROHIBITED', 'notAllowed'],
    ['DMI-PROHIBITED-SEECONSTRAINT', 'constrained'],
    ['DMI-PROHIBITED-SEELINKEDRIGHTSEXPR', 'constrained'],
    ['DMI-ALLOWED', 'allowed'],
    ['DMI-UNSPECIFIED', 'allowed'],
    ['DMI-SOMETHING-NEW', 'unreadable'],
  ] as const)('in XMP: %s is %s', async (value, permission) => {
    expect(await marksOf(xmp(value))).toEqual([mark(value, permission)]);
  });

  it('is read from old manifests too, which write JSON and another name', async () => {
    const content = Buffer.from(JSON.stringify({ entries: { 'c2pa.ai_training': { use: 'notAllowed' } } }));
    const bytes = assertion('c2pa.training-mining', content, 'json');
    expect(await marksOf(bytes)).toEqual([mark('c2pa.ai_training', 'notAllowed')]);
  });

  it('that nobody can read is not taken for permission', async () => {
    const broken = [mark('cawg.training-mining', 'unreadable')];
    expect(await marksOf(assertion('cawg.training-mining', Buffer.from([0xff, 0xff])))).toEqual(broken);
    const other = encode({ entries: { 'cawg.ai_training': { use: 'perhaps' } } });
    expect(await marksOf(assertion('cawg.training-mining', other))).toEqual(broken);
  });

  it('is not made up from the bare name', async () => {
    expect(
      await marksOf(
        Buffer.from('self#jumbf=c2pa.assertions/cawg.training-mining, a film about training-mining'),
      ),
    ).toEqual([]);
  });

  it('is found wherever the reads that bring it begin and end', async () => {
    const content = encode({ entries: { 'cawg.ai_training': { use: 'notAllowed' } } });
    const bytes = Buffer.concat([
      Buffer.alloc(300),
      assertion('cawg.training-mining', content),
      xmp('DMI-PROHIBITED'),
    ]);
    const path = join(folder, 'cut.bin');
    await writeFile(path, bytes);
    const file = await open(path, 'r');
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 30 }), async (cuts) => {
          const places = new MarkPlaces();
          const ends = [...cuts.sort((a, b) => a - b), bytes.length];
          for (const [i, end] of ends.entries()) places.look(bytes.subarray(ends[i - 1] ?? 0, end));
          expect(await readMarks(file, places)).toHaveLength(2);
        }),
      );
    } finally {
      await file.close();
    }
  });
});
