import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captionOf } from './captions.ts';
import { wordsOf } from './film-words.ts';
import { spanOf } from './plan.ts';
import { parseShotList } from './shot-list.ts';
import { parseSrt } from './subtitles.ts';

const clock = { fps: '24/1', frames: 240, startTimecode: '01:00:00:00', dropFrame: false };
const shot = { in: 48, out: 96, startSeconds: 2, endSeconds: 4, facts: 'a bright, calm shot' };

const shotList = [
  'scene,shot,timecode in,timecode out,description,characters,set,action,camera,time',
  '12,1,00:59:59:00,01:00:02:01,"Brinka waits",Brinka,Vellamar,stands,still,day',
  '12,2,01:00:02:01,01:00:04:00,"Brinka walks left, slowly",BRINKA,Vellamar,walks left,pans left,night',
  '13,3,01:00:04:00,01:00:06:00,,Tollo,Ostrune,jumps,still,day',
].join('\r\n');

let folder = '';
let written = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-captions-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function sidecar(kind: string, text: string | Buffer, name = `film.${written++}`) {
  const path = join(folder, `${name}.${kind}`);
  await writeFile(path, text);
  return { kind, path };
}

describe('the caption of a shot', () => {
  it('comes from the row of the shot list that covers most of it, by timecode, and says each thing once', async () => {
    const { words } = await wordsOf(clock, [await sidecar('csv', shotList)]);
    expect(captionOf(shot, words)).toEqual({
      ...{ captionSource: 'shot_list', scene: '12' },
      caption: 'Brinka walks left, slowly, Vellamar, night, pans left',
    });
    expect(captionOf({ ...shot, in: 0, out: 40 }, words).caption).toBe(
      'Brinka waits, stands, Vellamar, day, still',
    );
    const described = captionOf({ ...shot, in: 96, out: 140 }, words);
    expect(described).toMatchObject({ caption: 'Tollo, jumps, Ostrune, day, still', scene: '13' });
  });

  it('comes from a JSON sidecar where no shot list covers the shot', async () => {
    const json = JSON.stringify({
      shots: [{ in: 40, out: '01:00:04:00', text: 'A  storm\u2028at\u0085sea\ud83c' }],
    });
    const { words } = await wordsOf(clock, [await sidecar('json', json)]);
    expect(captionOf(shot, words)).toEqual({
      caption: 'A storm at sea\ufffd',
      captionSource: 'sidecar',
      scene: '',
    });
  });

  it('comes from the subtitles that show during the shot', async () => {
    const srt =
      '1\r\n00:00:01,500 --> 00:00:02,000\r\nBefore\r\n\r\n2\n00:00:02,100 --> 00:00:03,000\n<i>Blow</i>\nme down!\n';
    const { words } = await wordsOf(clock, [await sidecar('srt', srt)]);
    expect(captionOf(shot, words)).toEqual({
      caption: 'Blow me down!',
      captionSource: 'subtitles',
      scene: '',
    });
  });

  const besideIt = (text: string) => ({
    ...{ person: [], model: [], shotList: [], subtitles: [] },
    sidecar: [{ in: 40, out: 120, text, scene: text }],
  });

  it('is one line without what no text holds, however long it is', () => {
    const { caption } = captionOf(shot, besideIt(`He said\t"Hi"\u0000, ${'and walks on '.repeat(900)}`));
    expect(caption.slice(0, 24)).toBe('He said "Hi" , and walks');
    expect(caption.length).toBeGreaterThan(10_000);
    expect(caption).not.toMatch(/\p{Cc}/u);
  });

  it('is not taken from words that show nothing', () => {
    for (const text of ['\u200b', ' \u2060\u00ad\n', '\ufeff\u0000'])
      expect(captionOf(shot, besideIt(text))).toEqual({
        caption: 'a bright, calm shot',
        captionSource: 'facts',
        scene: '',
      });
  });

  it('says what was measured where nobody wrote anything', async () => {
    const { words } = await wordsOf(clock, []);
    expect(captionOf(shot, words)).toEqual({
      caption: 'a bright, calm shot',
      captionSource: 'facts',
      scene: '',
    });
  });
});

describe('sidecars that cannot be used', () => {
  it('are noticed, not passed over in silence', async () => {
    const noTimes = await sidecar('csv', 'name,pay\nAnn,3\n');
    const broken = await sidecar('json', '{"shots": 3}');
    const elsewhere = await sidecar(
      'csv',
      shotList.replaceAll('01:00:0', '05:00:0').replace('00:59:59:00', '04:00:00:00'),
    );
    const half = await sidecar('csv', `${shotList}\n14,4,now,later,x,,,,,`);
    const { notices } = await wordsOf(clock, [noTimes, broken, elsewhere, half]);
    expect(notices.map((notice) => notice.code)).toEqual([
      ...['sidecar-unreadable', 'sidecar-unreadable', 'sidecar-covers-nothing', 'sidecar-rows-unread'],
    ]);
    expect(notices[0]?.message).toContain('columns for a shot');
    expect(notices.every((notice) => !notice.message.includes(folder))).toBe(true);
  });
});

describe('sidecars of other programs', () => {
  const srt = (time: string, text: string) => `1\n${time},000 --> ${time},900\n${text}\n`;

  it('are read in UTF-16, and in Windows-1252 with a word of warning', async () => {
    const text = srt('00:00:02', 'Léa se lève');
    const bytes = [
      Buffer.from(`\uFEFF${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le').swap16(),
      Buffer.from(text, 'latin1'),
    ];
    const read = [];
    for (const one of bytes) read.push(await wordsOf(clock, [await sidecar('srt', one)]));
    expect(read.map(({ words }) => captionOf(shot, words).caption)).toEqual(Array(3).fill('Léa se lève'));
    expect(read.map(({ notices }) => notices.map(({ code }) => code))).toEqual([
      ...[[], [], ['sidecar-letters-guessed']],
    ]);
  });

  it('are WebVTT, hours left out, notes and settings passed over', async () => {
    const vtt = 'WEBVTT\n\nNOTE made by hand\n\n00:02.000 --> 00:03.000 align:start\n<v Bo>Land!\n';
    const { words } = await wordsOf(clock, [await sidecar('vtt', vtt)]);
    expect(words.subtitles).toEqual([{ startSeconds: 2, endSeconds: 3, text: 'Land!' }]);
  });

  it('are counted from the start of the file, where sound may come before the picture', async () => {
    const table = { timeBase: '1/24', pts: Array.from({ length: 240 }, (_, frame) => 48 + frame) };
    const { words } = await wordsOf(clock, [await sidecar('srt', srt('00:00:04', 'Late'))]);
    const captions = [24, 48].map((at) =>
      captionOf(spanOf(table, { in: at, out: at + 24, words: 'a shot' }), words),
    );
    expect(captions.map(({ caption }) => caption)).toEqual(['a shot', 'Late']);
  });

  it('give subtitles of one language, and the others are told of', async () => {
    const own = [
      await sidecar('srt', srt('00:00:02', 'Bonjour') + srt('00:00:03', 'Encore'), 'two.deu'),
      await sidecar('srt', srt('00:00:02', 'Hello'), 'two.eng'),
    ];
    const { words, notices } = await wordsOf(clock, own);
    expect(captionOf(shot, words).caption).toBe('Hello');
    expect(notices).toMatchObject([
      { code: 'sidecar-left-aside', message: expect.stringContaining('two.deu') },
    ]);
  });

  it('are laid on the film by its start timecode where their times lie behind it, or told of', async () => {
    const late = [await sidecar('srt', srt('01:00:02', 'Ahoy'))];
    const { words, notices } = await wordsOf(clock, late);
    expect(captionOf(shot, words).caption).toBe('Ahoy');
    expect(notices).toMatchObject([{ code: 'sidecar-by-timecode' }]);
    const lost = await wordsOf({ ...clock, startTimecode: null }, late);
    expect(lost.notices).toMatchObject([{ code: 'sidecar-covers-nothing' }]);
  });

  it('may give times in milliseconds, and drop-frame labels for a film without timecode', async () => {
    const rows = ['in,out,description', '00:00:02.500,00:00:04.000,late', '00:01:00;02,00:01:01;02,minute'];
    const untimed = { fps: '30000/1001', frames: 3600, startTimecode: null, dropFrame: false };
    const { words } = await wordsOf(untimed, [await sidecar('csv', rows.join('\n'))]);
    expect(words.shotList.map((note) => [note.in, note.out])).toEqual([
      [75, 120],
      [1800, 1830],
    ]);
  });
});

describe('readers', () => {
  it('read shot lists with semicolons, a byte order mark and other headings', () => {
    expect(parseShotList('\uFEFFTC In;TC Out;Sc.;Description\n0;24;7;"One; two"\n')).toEqual([
      { line: 2, in: '0', out: '24', scene: '7', text: 'One; two', fields: {} },
    ]);
    expect(parseShotList('a,b\n1,2\n')).toBeNull();
  });

  it('read subtitles with markup and without hours of patience for broken blocks', () => {
    expect(parseSrt('x\n\n3\n01:00:00,5 --> 01:00:01.250\n{\\an8}Hi\n')).toEqual([
      { startSeconds: 3600.5, endSeconds: 3601.25, text: 'Hi' },
    ]);
  });
});
