import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { walkBoxes } from './boxes.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
let whole: Buffer;

beforeAll(async () => {
  films = await filmFolder();
  await renderFilm(films.at('whole.mp4'), 3);
  whole = await readFile(films.at('whole.mp4'));
});
afterAll(() => films.remove());

async function boxesOf(bytes: Uint8Array | string) {
  await writeFile(films.at('part'), bytes);
  return walkBoxes(films.at('part'));
}

describe('the boxes of a file', () => {
  it('are whole in a whole film, and miss what was cut off', async () => {
    expect(await boxesOf(whole)).toEqual({ areThere: true, missingBytes: 0, isEncrypted: false });
    expect(await boxesOf(whole.subarray(0, -200))).toEqual({
      areThere: true,
      missingBytes: 200,
      isEncrypted: false,
    });
  });

  it('may have lengths of 64 bits, or reach to the end', async () => {
    const long = Buffer.alloc(24);
    long.writeUInt32BE(1, 0);
    long.write('mdat', 4);
    long.writeBigUInt64BE(5_000_000_000n, 8);
    expect(await boxesOf(long)).toEqual({
      areThere: true,
      missingBytes: 5_000_000_000 - 24,
      isEncrypted: false,
    });
    long.writeUInt32BE(0, 0);
    expect(await boxesOf(long)).toEqual({ areThere: true, missingBytes: 0, isEncrypted: false });
  });

  it('are not there in text, in nothing, or in noise', async () => {
    const none = { areThere: false, missingBytes: 0, isEncrypted: false };
    for (const bytes of ['a letter about a film', '', 'abc']) expect(await boxesOf(bytes)).toEqual(none);
  });
});
