import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalogFile } from '../catalog/index.ts';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { checkDecode, probe, runFfmpeg } from '../media/index.ts';
import { facts } from '../rights/catalogued.test-support.ts';
import { insideOf } from './film-tracks.ts';
import { wordsOf } from './film-words.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
const clock = { fps: '24000/1001', frames: 96, startTimecode: null, dropFrame: false };
const { signal } = new AbortController();

beforeAll(async () => {
  films = await filmFolder();
  await renderFilm(films.at('plain.mp4'), clock.frames);
  await writeFile(films.at('en.srt'), srt('Land & <i>sea</i>', 'Ahoy'));
  await writeFile(films.at('de.srt'), srt('Land', 'Ahoi', 'Noch mehr'));
});
afterAll(() => films.remove());

const srt = (...lines: string[]): string =>
  lines.map((line, i) => `${i + 1}\n00:00:0${i + 1},000 --> 00:00:0${i + 1},900\n${line}\n`).join('\n');

/** The plain film with a German and an English track of a codec, packed without a new picture. */
async function packed(name: string, codec: string, ...late: string[]): Promise<string> {
  const inputs = [...late, '-i', 'plain.mp4', '-i', 'de.srt', '-i', 'en.srt'].map((part) =>
    part.includes('.') ? `file:${films.at(part)}` : part,
  );
  const languages = ['-metadata:s:s:0', 'language=deu', '-metadata:s:s:1', 'language=eng'];
  const maps = ['-map', '0:v', '-map', '1:s', '-map', '2:s', '-c:v', 'copy', '-c:s', codec];
  await runFfmpeg(['-v', 'error', ...inputs, ...maps, ...languages, '-y', `file:${films.at(name)}`]);
  return films.at(name);
}

type Tracks = CatalogFile['facts']['tracks'];
const filmWith = (path: string, tracks: Tracks) => ({
  path,
  facts: { ...facts, tracks } as CatalogFile['facts'],
});
const wordsIn = async (path: string, sidecars: { kind: string; path: string }[] = []) =>
  wordsOf(clock, sidecars, undefined, insideOf(filmWith(path, (await probe(path)).tracks), signal));

describe('subtitle tracks of text inside a film', () => {
  it.each([
    ['mov_text', 'mp4'],
    ['subrip', 'mkv'],
    ['ass', 'mkv'],
    ['webvtt', 'mkv'],
  ])('are read from %s, those in English first', async (codec, kind) => {
    const { words, notices } = await wordsIn(await packed(`${codec}.${kind}`, codec));
    expect(words.subtitles).toEqual([
      { startSeconds: 1, endSeconds: 1.9, text: 'Land & sea' },
      { startSeconds: 2, endSeconds: 2.9, text: 'Ahoy' },
    ]);
    expect(notices.map(({ code, message }) => [code, message.split(':')[0]])).toEqual([
      ['sidecar-left-aside', `${codec}.${kind}, subtitle track 1 (${codec}, deu)`],
    ]);
  });

  it('count from where the timestamps of frames do, also where the picture begins late', async () => {
    const path = await packed('late.mkv', 'subrip', '-itsoffset', '1');
    const [first = 0] = (await checkDecode(path)).pts;
    const { words } = await wordsIn(path);
    expect(words.subtitles.map(({ startSeconds }) => startSeconds - first / 1000)).toEqual([0, 1]);
  });

  it('are left aside where a file beside the film has its subtitles, and told of', async () => {
    const { words, notices } = await wordsIn(films.at('mov_text.mp4'), [
      { kind: 'srt', path: films.at('de.srt') },
    ]);
    expect(words.subtitles.map(({ text }) => text)).toEqual(['Land', 'Ahoi', 'Noch mehr']);
    expect(notices.map(({ code }) => code)).toEqual(['track-left-aside']);
  });

  it('are told of where they are pictures, or do not come out', async () => {
    const track = { kind: 'subtitle' as const, language: null, title: null, channels: null };
    const tracks = ['hdmv_pgs_subtitle', 'arib_caption', 'subrip'].map((codec) => ({ ...track, codec }));
    const inside = insideOf(filmWith(films.at('plain.mp4'), tracks), signal);
    const { words, notices } = await wordsOf(clock, [], undefined, inside);
    expect(words.subtitles).toEqual([]);
    expect(notices.map(({ code, message }) => [code, message.split(': ')[1]])).toEqual([
      ['track-is-pictures', 'pictures of letters, which are not read'],
      ['track-unread', 'text of this kind is not read'],
      ['track-unread', 'the film does not give it'],
    ]);
  });
});
