import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { examine } from './film.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
beforeAll(async () => {
  films = await filmFolder();
});
afterAll(() => films.remove());

async function look(name: string) {
  const head = (await readFile(films.at(name))).subarray(0, 65_536);
  const signal = new AbortController().signal;
  return examine(films.at(name), { head, signal, onFrames: () => {}, sequence: null, stallSeconds: 30 });
}

async function patched(from: string, to: string, change: (bytes: Buffer) => unknown): Promise<void> {
  const bytes = await readFile(films.at(from));
  change(bytes);
  await writeFile(films.at(to), bytes);
}

/** Sixteen by sixteen grey pixels. */
const avif =
  'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD5bWV0YQAAAAAAAAAvaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAA' +
  'AFBpY3R1cmVIYW5kbGVyAAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAASEAAAASAAAAKGlpbmYAAAAAAAEA' +
  'AAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGppcHJwAAAAS2lwY28AAAAUaXNwZQAAAAAAAAAQAAAAEAAAABBwaXhpAAAAAAMI' +
  'CAgAAAAMYXYxQ4EADAAAAAATY29scm5jbHgAAgACAAIAAAAAF2lwbWEAAAAAAAAAAQABBAECgwQAAAAabWRhdAoGGAz/2gCAMggf' +
  '8AAAWAAQBQ==';

describe('a film that cannot be used says why', () => {
  it('where its picture is encrypted', async () => {
    const key = ['-encryption_key', `${'00'.repeat(15)}01`, '-encryption_kid', '11'.repeat(16)];
    await renderFilm(films.at('locked.mp4'), 12, ['-encryption_scheme', 'cenc-aes-ctr', ...key]);
    await expect(look('locked.mp4')).rejects.toMatchObject({ code: 'encrypted' });
  });

  it('where no decoder knows its codec', async () => {
    await renderFilm(films.at('plain.mp4'), 3);
    await patched('plain.mp4', 'exotic.mp4', (bytes) =>
      bytes.write('zzz9', bytes.lastIndexOf('avc1'), 'latin1'),
    );
    await expect(look('exotic.mp4')).rejects.toMatchObject({ code: 'unsupported-codec' });
  });

  it('where its pictures are noise', async () => {
    await patched('plain.mp4', 'noise.mp4', (bytes) =>
      bytes.fill(0xa7, bytes.indexOf('mdat') + 4, bytes.indexOf('moov') - 4),
    );
    await expect(look('noise.mp4')).rejects.toMatchObject({ code: 'undecodable' });
  });

  it('where the index is missing', async () => {
    const whole = await readFile(films.at('plain.mp4'));
    await writeFile(films.at('unfinished.mp4'), whole.subarray(0, whole.indexOf('moov') - 4));
    await expect(look('unfinished.mp4')).rejects.toMatchObject({ code: 'truncated' });
  });

  it('where it is a photograph in a container that films have too', async () => {
    await writeFile(films.at('photo.mp4'), Buffer.from(avif, 'base64'));
    await expect(look('photo.mp4')).rejects.toMatchObject({
      code: 'not-a-film',
      message: expect.stringContaining('PNG, DPX or EXR'),
    });
  });

  it('where it is a list of other files', async () => {
    await writeFile(
      films.at('list.m3u8'),
      '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nplain.mp4\n#EXT-X-ENDLIST\n',
    );
    await expect(look('list.m3u8')).rejects.toMatchObject({ code: 'not-a-film' });
  });
});
