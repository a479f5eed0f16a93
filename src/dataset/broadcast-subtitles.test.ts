import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSidecar } from '../catalog/sidecar.ts';
import { wordsOf } from './film-words.ts';
import { parseScc } from './scc.ts';

const clock = { fps: '25/1', frames: 2500, startTimecode: '10:00:00:00', dropFrame: false };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-broadcast-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a sidecar says, once the catalogue has taken it. */
async function read(name: string, content: string | Buffer) {
  const path = join(folder, name);
  await writeFile(path, content);
  const { kind } = await readSidecar(path);
  return wordsOf(clock, [{ kind, path }]);
}

/** Pairs of bytes with odd parity, in the hexadecimal of SCC. */
const pairs = (...bytes: number[]): string => {
  const odd = (code: number) => (code.toString(2).replaceAll('0', '').length % 2 ? code : code | 0x80);
  const written = (bytes.length % 2 ? [...bytes, 0] : bytes).map((code) =>
    odd(code).toString(16).padStart(2, '0'),
  );
  return Array.from({ length: written.length / 2 }, (_, i) => `${written[2 * i]}${written[2 * i + 1]}`).join(
    ' ',
  );
};
const said = (text: string) => pairs(...Buffer.from(text, 'latin1'));
const twice = (first: number, second: number) => `${pairs(first, second)} ${pairs(first, second)}`;
const [load, erase, show, clear] = [
  twice(0x14, 0x20),
  twice(0x14, 0x2c),
  twice(0x14, 0x2f),
  twice(0x14, 0x2e),
];
const [paint, roll, newLine, lastRow] = [
  twice(0x14, 0x29),
  twice(0x14, 0x26),
  twice(0x14, 0x2d),
  twice(0x14, 0x70),
];
const secondRow = twice(0x14, 0x50);
const scc = (...lines: [label: string, ...pairs: string[]][]) =>
  `Scenarist_SCC V1.0\r\n\r\n${lines.map(([label, ...data]) => `${label}\t${data.join(' ')}`).join('\r\n\r\n')}\r\n`;
const frames = (n: number) => expect.closeTo((n * 1001) / 30_000, 6);

describe('Scenarist closed captions', () => {
  it('are seen from the command that shows them to the one that takes them away, in rows, with their letters', () => {
    const letters = [
      said('Se'),
      twice(0x12, 0x27),
      said('nor a'),
      twice(0x13, 0x21),
      pairs(0x5c),
      twice(0x11, 0x37),
    ];
    const text = scc(
      ['00:00:01:00', load, clear, lastRow, said('Land,'), secondRow, ...letters, erase, show],
      ['00:00:03:00', erase],
    );
    // 2 + 2 + 2 + 3 + 2 pairs, then 1 + 2 + 3 + 2 + 1 + 2 of letters, 2 that take away.
    expect(parseScc(text)).toEqual([
      { startSeconds: frames(30 + 24), endSeconds: frames(90), text: 'Land, S¡nor ãé♪' },
    ]);
  });

  it('count time by the frames of their labels: one with semicolons leaves numbers out', () => {
    const at = (label: string) => parseScc(scc([label, load, said('Hi'), show]))[0]?.startSeconds;
    expect(at('01:00:00:00')).toEqual(frames(108_000 + 3));
    expect(at('01:00:00;00')).toEqual(frames(107_892 + 3));
    expect(() => at('00:01:00;00')).toThrow('00:01:00;00');
  });

  it('that roll up or are painted are subtitles line by line; the second channel and text say nothing', () => {
    const text = scc(
      ['00:00:01:00', roll, newLine, lastRow, said('One')],
      ['00:00:02:00', roll, newLine, lastRow, said('Two')],
      ['00:00:03:00', twice(0x1c, 0x26), said('Dos'), twice(0x14, 0x2a), said('weather')],
      ['00:00:04:00', paint, lastRow, said('Three')],
      ['00:00:05:00', erase],
      ['00:00:06:00', load, said('Left there'), show],
    );
    expect(parseScc(text).map((cue) => cue.text)).toEqual(['One', 'Two', 'Three', 'Left there']);
    const last = parseScc(text).at(-1);
    expect((last?.endSeconds ?? 0) - (last?.startSeconds ?? 0)).toBe(16);
  });

  it('lie beside a film like other subtitles', async () => {
    const { words } = await read(
      'a.scc',
      scc(['10:00:01:00', load, said('Ahoy'), show], ['10:00:02:00', erase]),
    );
    expect(words.subtitles.map(({ text }) => text)).toEqual(['Ahoy']);
    await expect(read('b.scc', 'x')).rejects.toThrow('Scenarist_SCC');
  });
});

/** An EBU STL file: its head and blocks of text. */
function stl(blocks: Buffer[], { disk = 'STL25.01', table = '00' } = {}): Buffer {
  const head = Buffer.alloc(1024, ' ');
  head.write(`850${disk}0${table}09`, 'latin1');
  return Buffer.concat([head, ...blocks]);
}

function block(from: number[], to: number[], text: Buffer, { extension = 0xff, comment = 0 } = {}): Buffer {
  const head = [0, 1, 0, extension, 0, ...from, ...to, 20, 2, comment];
  return Buffer.concat([Buffer.from(head), text, Buffer.alloc(112 - text.length, 0x8f)]);
}

describe('EBU subtitles', () => {
  it('are read with accents before their letters, rows, and blocks that go on; comments say nothing', async () => {
    const first = Buffer.from([
      0x0b, 0x0b, 0xc2, 0x45, 0x74, 0x65, 0x8a, 0x8a, 0x0d, 0xc8, 0x75, 0xfb, 0x20, 0xf1,
    ]);
    const blocks = [
      block([10, 0, 2, 0], [10, 0, 3, 12], first, { extension: 0 }),
      block([10, 0, 2, 0], [10, 0, 3, 12], Buffer.from(' ends'), {}),
      block([10, 0, 4, 0], [10, 0, 5, 0], Buffer.from('not said'), { comment: 1 }),
      block([10, 0, 4, 0], [10, 0, 5, 0], Buffer.from('of a program'), { extension: 0xfe }),
    ];
    const { words, notices } = await read('c.stl', stl(blocks));
    const [cue] = words.subtitles;
    expect(words.subtitles).toHaveLength(1);
    expect(cue).toEqual({ startSeconds: 2, endSeconds: expect.closeTo(3.48, 6), text: 'Éte üß æ ends' });
    expect(notices.map(({ code }) => code)).toEqual(['sidecar-by-timecode']);
  });

  it('are read in Greek and Cyrillic; what is no such file is refused', async () => {
    const times = [
      [10, 0, 1, 0],
      [10, 0, 2, 0],
    ] as const;
    const said = async (table: string, ...codes: number[]) => {
      const content = stl([block([...times[0]], [...times[1]], Buffer.from(codes))], { table });
      return (await read(`d${table}.stl`, content)).words.subtitles[0]?.text;
    };
    expect(await said('01', 0xbc, 0xd8, 0xe0)).toBe('Мир');
    expect(await said('03', 0xc3, 0xe7)).toBe('Γη');
    const { notices } = await read('e.stl', stl([], { table: '09' }));
    expect(notices).toMatchObject([{ code: 'sidecar-unreadable', message: expect.stringContaining('"09"') }]);
    await expect(read('f.stl', 'solid cube')).rejects.toThrow('STL25.01');
  });
});
