import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { runFfmpeg } from '../media/index.ts';
import { addFiles, type CatalogFile, flagsOf, grantedOf, listFiles } from './index.ts';
import { pictureHead } from './picture-head.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
let workspace: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  films = await filmFolder();
  workspace = await testContext({});
});
afterAll(async () => {
  await workspace.close();
  await films.remove();
});

/** Ten pictures of their own grey; `dress` changes the bytes of each. */
async function flagsOfPictures(
  name: string,
  file: string,
  format: string,
  dress: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<string[]> {
  const folder = films.at(name);
  await mkdir(folder);
  const source = `color=0x${name.length}0${name.length}0${name.length}0@0.5:s=32x16:r=24,trim=end_frame=10,format=${format}`;
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, `file:${folder}/p.%04d.${file}`]);
  for (const one of await readdir(folder))
    await writeFile(`${folder}/${one}`, dress(await readFile(`${folder}/${one}`)));
  return flagsAdded(folder);
}

async function flagsAdded(path: string): Promise<string[]> {
  const { added, refused } = await addFiles(workspace.context, { paths: [path] });
  expect(refused).toEqual([]);
  return added.flatMap((entry) => (entry.kind === 'film' ? entry.flags : []));
}

/** Not by ffmpeg, which says linear whatever it writes. */
const dpxSaying = (transfer: number) => (bytes: Buffer) => {
  const said = Buffer.from(bytes);
  said.fill(0, 160, 260);
  said.writeUInt8(transfer, 801);
  return said;
};

describe('what is taken for granted of a film', () => {
  it('is told where it has transparency, which is not looked at', async () => {
    expect(await flagsOfPictures('a', 'png', 'rgba')).toContain('alpha-ignored');
    expect(await flagsOfPictures('bb', 'png', 'rgb24')).not.toContain('alpha-ignored');
    const path = films.at('titles.mov');
    const source = 'color=red@0.5:s=64x32:r=24,trim=end_frame=12,format=yuva444p10le';
    await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, '-c:v', 'prores_ks', `file:${path}`]);
    expect(await flagsAdded(path)).toContain('alpha-ignored');
  });

  it('is told where its size changes on the way, as nothing says what shape the rest had', async () => {
    const parts = [];
    for (const [name, more] of [
      ['small.ts', []],
      ['large.ts', ['-vf', 'scale=64:64']],
    ] as const) {
      await renderFilm(films.at(name), 4, more);
      parts.push(await readFile(films.at(name)));
    }
    await writeFile(films.at('grows.ts'), Buffer.concat(parts));
    expect(await flagsAdded(films.at('grows.ts'))).toContain('format-changes');
    const film = (await listFiles(workspace.context.db)).find(({ path }) => path === films.at('grows.ts'));
    expect(grantedOf((film as CatalogFile).facts)).toEqual(['format-changes']);
  });

  it('is told where a DPX does not say how its light is coded, as many scans do not', async () => {
    expect(await flagsOfPictures('ccc', 'dpx', 'gbrp10be', dpxSaying(0))).toContain('light-assumed');
    expect(await flagsOfPictures('dddd', 'dpx', 'gbrp10be', dpxSaying(0xff))).toContain('light-assumed');
    expect(await flagsOfPictures('eeeee', 'dpx', 'gbrp10be', dpxSaying(6))).not.toContain('light-assumed');
    expect(
      pictureHead(dpxSaying(11)(Buffer.concat([Buffer.from('SDPX'), Buffer.alloc(2044)]))),
    ).toMatchObject({ problem: expect.stringContaining('depth') });
  });

  it('is told where an EXR has further parts, of which the first alone is read', () => {
    const words = Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 0x10, 0, 0]);
    const box = Buffer.concat([Buffer.from('displayWindow\0box2i\0\x10\0\0\0', 'latin1'), Buffer.alloc(17)]);
    expect(pictureHead(Buffer.concat([words, box]))).toMatchObject({ granted: ['first-part-only'] });
    words[5] = 0;
    expect(pictureHead(Buffer.concat([words, box]))).toMatchObject({ granted: [] });
  });

  it('is found of sequences that an earlier version catalogued', async () => {
    const { db } = workspace.context;
    const film = async () => (await listFiles(db)).find(({ path }) => path.includes('/ccc/')) as CatalogFile;
    const { id, facts } = await film();
    const { granted: _, ...sequence } = facts.sequence as NonNullable<typeof facts.sequence>;
    const { catalogFiles } = tables;
    await db
      .update(catalogFiles)
      .set({ facts: { ...facts, sequence } })
      .where(eq(catalogFiles.id, id));
    expect(flagsOf((await film()).facts, false)).not.toContain('light-assumed');
    await addFiles(workspace.context, { paths: [films.at('ccc')] });
    expect(flagsOf((await film()).facts, false)).toContain('light-assumed');
  });
});
