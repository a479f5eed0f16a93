import { describe, expect, it } from 'vitest';
import { formatOf, type Item } from './index.ts';

describe('what programs call a wipe', () => {
  const at = (frames: number) => `01:00:0${Math.floor(frames / 24)}:${String(frames % 24).padStart(2, '0')}`;
  const line = (number: string, reel: string, code: string, from: number, to: number) =>
    `${number}  ${reel.padEnd(8)} V     ${code} ${at(0)} ${at(to - from)} ${at(from)} ${at(to)}`;

  it('is one in an EDL, whatever its number, and goes out as one', () => {
    for (const code of ['W001', 'W019', 'W121']) {
      const edl = [
        'TITLE: wipes',
        line('001', 'A', 'C       ', 0, 48),
        line('002', 'A', 'C       ', 48, 48),
        line('002', 'B', `${code} 012`, 48, 96),
      ].join('\n');
      expect(formatOf('x.edl').read(edl, '24').transitions).toEqual([{ type: 'wipe', from: 48, to: 60 }]);
    }
    const clip = {
      kind: 'clip' as const,
      name: 'A',
      path: '/a.mov',
      fps: '24',
      mediaStart: 0,
      mediaFrames: 96,
    };
    const items: Item[] = [
      { ...clip, from: 0, frames: 48, metadata: {} },
      { kind: 'transition', type: 'wipe', frames: 12 },
      { ...clip, from: 48, frames: 48, metadata: {} },
    ];
    const film = { name: 'wipes', fps: '24', dropFrame: false, start: 0, items };
    expect(formatOf('x.edl').write(film)).toMatch(/ W001 012 /);
  });

  it('is no key: a picture laid over another is said to be, and its background is read', () => {
    const edl = [
      'TITLE: keys',
      line('001', 'A', 'C       ', 0, 24),
      line('002', 'B', 'K B     ', 24, 72),
      line('002', 'C', 'K    048', 24, 72),
      line('003', 'A', 'C       ', 72, 96),
    ].join('\n');
    const read = formatOf('x.edl').read(edl, '24');
    expect([read.frames, read.transitions]).toEqual([96, []]);
    expect(read.clips.map(({ from, to }) => [from, to])).toEqual([
      [0, 24],
      [24, 72],
      [72, 96],
    ]);
    expect(read.covers).toEqual(['1 keys, which lie over the picture, are not read']);
  });

  const xml = (effect: string) =>
    `<xmeml version="5"><sequence><name>s</name><rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate><media><video><track>
      <clipitem><name>a</name><start>0</start><end>-1</end></clipitem>
      <transitionitem><start>40</start><end>52</end><alignment>center</alignment><effect>${effect}</effect></transitionitem>
      <clipitem><name>b</name><start>-1</start><end>96</end></clipitem></track></video></media></sequence></xmeml>`;

  it('is one in Final Cut Pro 7 XML by its name, its family or the number of its SMPTE wipe', () => {
    const typeOf = (effect: string) => formatOf('x.xml').read(xml(effect), '24').transitions[0]?.type;
    for (const name of ['Edge Wipe', 'Cross Iris', 'Push Slide', 'Page Peel', 'Barn Doors', 'Cube Spin'])
      expect([name, typeOf(`<name>${name}</name><effectid>${name}</effectid>`)]).toEqual([name, 'wipe']);
    expect(typeOf('<name>Unheard Of</name><effectcategory>Iris</effectcategory>')).toBe('wipe');
    expect(typeOf('<name>Unheard Of</name><wipecode>19</wipecode>')).toBe('wipe');
    const dissolve =
      '<name>Cross Dissolve</name><effectcategory>Dissolve</effectcategory><wipecode>0</wipecode>';
    expect(typeOf(dissolve)).toBe('dissolve');
    expect(typeOf('<name>Dip to Color Dissolve</name>')).toBe('fade');
  });

  it('is one in OTIO by the name that adapters keep of an effect, not by that of a clip', () => {
    const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate: 24, value });
    const clip = { OTIO_SCHEMA: 'Clip.2', source_range: { start_time: time(0), duration: time(48) } };
    const typeOf = (name: string, type: string) => {
      const mix = {
        OTIO_SCHEMA: 'Transition.1',
        name,
        in_offset: time(6),
        out_offset: time(6),
        transition_type: type,
      };
      const children = [{ OTIO_SCHEMA: 'Track.1', kind: 'Video', children: [clip, mix, clip] }];
      const text = JSON.stringify({ OTIO_SCHEMA: 'Timeline.1', tracks: { children } });
      return formatOf('x.otio').read(text, '24').transitions[0]?.type;
    };
    expect(typeOf('Edge Wipe', 'SMPTE_Dissolve')).toBe('wipe');
    expect(typeOf('', 'SMPTE_Wipe')).toBe('wipe');
    expect(typeOf('Cross Iris', 'Custom_Transition')).toBe('wipe');
    expect(typeOf('SMPTE_Dissolve from wipe_01 to slide_02', 'SMPTE_Dissolve')).toBe('dissolve');
    expect(typeOf('Cross Dissolve', 'SMPTE_Dissolve')).toBe('dissolve');
  });
});
