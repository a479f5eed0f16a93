import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSidecar } from './sidecar.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-sidecar-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function shotList(content: string | Buffer) {
  const path = join(folder, 'film.csv');
  await writeFile(path, content);
  return readSidecar(path);
}

const columns = ['Scene', 'TC In', 'TC Out', 'Description', 'Characters'];

describe('a shot list beside a film', () => {
  it.each([
    ['semicolons', ';', '"Bunny wakes; yawns"'],
    ['semicolons, with a comma in a cell', ';', 'Bunny, Butterfly'],
    ['tabs, with a comma in a cell', '\t', 'Bars, colour'],
    ['commas, with semicolons in a quoted heading', ',', '"one, two"'],
  ])('is taken with %s', async (_, mark, cell) => {
    const heading = mark === ',' ? [...columns, '"Notes; a; b; c; d; e; f"'] : columns;
    const text = [heading, ['1', '0', '48', cell, 'Bunny']].map((row) => row.join(mark)).join('\n');
    await expect(shotList(text)).resolves.toMatchObject({ kind: 'csv' });
    await expect(shotList(Buffer.from(text, 'utf16le'))).resolves.toMatchObject({ kind: 'csv' });
  });

  it('is taken where rows are longer or shorter than the heading', async () => {
    await expect(shotList('in,out,text\n0,12,a hero,\n12,24\n')).resolves.toMatchObject({ kind: 'csv' });
  });

  it('that is a film under another suffix is refused as no text, and none of its bytes are quoted', async () => {
    const film = Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isom"\x10"avc1', 'latin1');
    await expect(shotList(film)).rejects.toMatchObject({
      message: 'it is no text (a film has the suffix of one): correct it, or leave it out',
    });
  });

  it('that is no table is refused with the separator that was taken for its own', async () => {
    await expect(shotList('in;out;text\n0;12;a "hero", walking\n')).rejects.toMatchObject({
      code: 'bad-sidecar',
      message: expect.stringMatching(/separated by semicolons.*line 2/),
    });
  });
});
