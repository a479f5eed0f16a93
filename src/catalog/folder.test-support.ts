import { createHash } from 'node:crypto';
import { readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { runFfmpeg } from '../media/index.ts';

type Films = Awaited<ReturnType<typeof filmFolder>>;

/** A file's name that a shell would stumble over. */
export const odd = `it's "Über" & $HOME 夜.mp4`;
export const srt = '1\n00:00:00,000 --> 00:00:01,000\nHello\n';

/** A folder of good films, bad ones, sidecars, and files that are neither. */
export async function mixedFolder(): Promise<Films> {
  const films = await filmFolder();
  await renderAll(films);
  await writeOthers(films);
  return films;
}

async function renderAll({ at }: Films): Promise<void> {
  await renderFilm(at('good.mp4'), 12, ['-timecode', '01:00:00:00', '-aspect', '4:3']);
  await renderFilm(at(odd), 5, ['-qp', '1']);
  await renderFilm(at('gaps.mkv'), 30, ['-vf', "select='not(between(n,4,20))'", '-fps_mode', 'passthrough']);
  await renderFilm(at('deep.mkv'), 4, ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le']);
  await renderFilm(at('half.mp4'), 60, [
    '-g',
    '5',
    '-movflags',
    '+faststart',
    '-vf',
    'noise=alls=60:allf=t,scale=160:96',
  ]);
  await truncate(at('half.mp4'), Math.round((await stat(at('half.mp4'))).size / 2));
  await renderFilm(at('cut.mp4'), 12);
  await truncate(at('cut.mp4'), (await stat(at('cut.mp4'))).size - 200);
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.1', `file:${at('sound.m4a')}`]);
  await renderFilm(at('still.png'), 1, ['-c:v', 'png', '-pix_fmt', 'rgb24']);
}

async function writeOthers({ at }: Films): Promise<void> {
  await writeFile(at('text.mp4'), 'This is a letter about a film, and no film.\n'.repeat(20));
  await writeFile(at('empty.mp4'), '');
  await writeFile(at('.DS_Store'), 'x');
  await writeFile(at('good.truth.json'), '{}');
  await writeFile(at('good.eng.srt'), srt);
  await writeFile(at('good.shots.csv'), 'in,out,text\n0,12,"a hero, walking"\n');
  await writeFile(at('stray.srt'), srt);
  await writeFile(at('deep.json'), '{ not json');
  await writeFile(at('good.json'), Buffer.from([0, 1, 2, 3, 0, 255]));
  await symlink('nowhere', at('dangling.mp4'));
}

/** sha256, time of change and mode of every file. */
export async function masters(films: Films): Promise<Record<string, string>> {
  const prints: Record<string, string> = {};
  for (const name of await readdir(films.at('.'))) {
    const facts = await stat(films.at(name)).catch(() => null);
    if (!facts?.isFile()) continue;
    const hash = createHash('sha256')
      .update(await readFile(films.at(name)))
      .digest('hex');
    prints[name] = `${hash} ${facts.mtimeMs} ${facts.mode}`;
  }
  return prints;
}
