import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSidecar } from '../catalog/sidecar.ts';
import { wordsOf } from './film-words.ts';
import { cuesOf } from './subtitles.ts';

const clock = { fps: '24000/1001', frames: 2400, startTimecode: null, dropFrame: false };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-subtitles-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a sidecar says, once the catalogue has taken it. */
async function read(name: string, text: string | Buffer) {
  const path = join(folder, name);
  await writeFile(path, text);
  const { kind } = await readSidecar(path);
  return wordsOf(clock, [{ kind, path }]);
}

const script = [
  ...[
    '[Script Info]',
    'ScriptType: v4.00+',
    '',
    '[V4+ Styles]',
    'Format: Name, Fontname',
    'Style: Default,Arial',
  ],
  ...['', '[Events]', 'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text'],
  'Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\an8}Land,\\Nahoy, {\\i1}é{\\i0}!',
  'Dialogue: 0,0:00:02.50,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 10 10 0 10{\\p0}',
  'Comment: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,not shown',
].join('\r\n');

describe('subtitles beside a film', () => {
  it('are SubStation scripts, without their shapes and comments, in UTF-8, UTF-16 and Windows-1252', async () => {
    const said = [{ startSeconds: 2, endSeconds: 3, text: 'Land, ahoy, é!' }];
    expect((await read('a.ass', script)).words.subtitles).toEqual(said);
    expect((await read('b.ssa', Buffer.from(`\uFEFF${script}`, 'utf16le'))).words.subtitles).toEqual(said);
    const old = await read('c.ass', Buffer.from(script, 'latin1'));
    expect([old.words.subtitles, old.notices.map(({ code }) => code)]).toEqual([
      said,
      ['sidecar-letters-guessed'],
    ]);
    await expect(read('d.ass', '[Script Info]')).rejects.toThrow('no line with Dialogue:');
  });

  it('that cannot be opened are told of without the folder that they lay in', async () => {
    const { notices } = await wordsOf(clock, [{ kind: 'srt', path: join(folder, 'gone.srt') }]);
    const message = 'gone.srt: not there (ENOENT): put it back, or add its folder to the catalogue again';
    expect(notices).toEqual([{ code: 'sidecar-unreadable', message }]);
  });

  it('are TTML: times of nested elements add up, line breaks part words, other elements say nothing', async () => {
    const text = `<?xml version="1.0"?><tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:tickRate="1000">
      <tt:head><tt:metadata>None of this</tt:metadata></tt:head>
      <tt:body begin="10s"><tt:div>
        <tt:p begin="00:00:02.500" end="00:00:03.5">Land &amp; <tt:span>sea</tt:span><tt:br/>ahoy<tt:metadata>not this</tt:metadata></tt:p>
        <tt:p><tt:span begin="4000t" dur="500ms">One</tt:span> <tt:span begin="5s" end="6s">Two</tt:span></tt:p>
        <tt:p begin="7s">For ever</tt:p>
      </tt:div></tt:body></tt:tt>`;
    expect((await read('e.ttml', text)).words.subtitles).toEqual([
      { startSeconds: 12.5, endSeconds: 13.5, text: 'Land & sea ahoy' },
      { startSeconds: 14, endSeconds: 14.5, text: 'One' },
      { startSeconds: 15, endSeconds: 16, text: 'Two' },
    ]);
    const { notices } = await read('f.dfxp', '<tt><body><p begin="soon">x</p></body></tt>');
    expect(notices).toMatchObject([
      { code: 'sidecar-unreadable', message: 'f.dfxp: "soon" is no time of TTML' },
    ]);
  });

  it('are TTML whose SMPTE labels count frames, and whose frames of a clock are parts of a second', async () => {
    const film = (timeBase: string) =>
      `<tt ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001" ttp:timeBase="${timeBase}"><body>
        <p begin="00:01:00:12" end="48f">x</p><p begin="00:01:00:12" end="00:01:02:00">Late</p></body></tt>`;
    const [labelled] = (await cuesOf('ttml', film('smpte'))) ?? [];
    expect(labelled?.startSeconds).toBeCloseTo(((60 * 24 + 12) * 1001) / 24_000, 9);
    const [timed] = (await cuesOf('ttml', film('media'))) ?? [];
    expect(timed?.startSeconds).toBeCloseTo(60 + (12 * 1001) / 24_000, 9);
  });
});
