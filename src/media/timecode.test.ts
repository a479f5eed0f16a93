import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameOf, parseRate, readTimecodeTag, timecodeOf } from './index.ts';

const rates = fc.constantFrom(
  '24000/1001',
  '24/1',
  '25/1',
  '30000/1001',
  '30/1',
  '50/1',
  '60000/1001',
  '60/1',
);

describe('timecode', () => {
  it('counts known labels as SMPTE ST 12 does', () => {
    expect(timecodeOf(1799, '30000/1001', null, true)).toBe('00:00:59;29');
    expect(timecodeOf(1800, '30000/1001', null, true)).toBe('00:01:00;02');
    expect(timecodeOf(17982, '30000/1001', null, true)).toBe('00:10:00;00');
    expect(timecodeOf(3600, '60000/1001', null, true)).toBe('00:01:00;04');
    expect(timecodeOf(107892, '30000/1001', null, true)).toBe('01:00:00;00');
    expect(timecodeOf(1800, '30000/1001', null, false)).toBe('00:01:00:00');
    expect(timecodeOf(24, '24000/1001', '01:00:00:00', false)).toBe('01:00:01:00');
    expect(timecodeOf(100, '120/1', null, false)).toBe('00:00:00:100');
  });

  it('finds the frame again from its timecode, at every rate and start', () => {
    const day = 86_400 * 23;
    fc.assert(
      fc.property(rates, fc.nat(day), fc.nat(day), fc.boolean(), (rate, frame, start, drop) => {
        const startTimecode = timecodeOf(start, rate, null, drop);
        const label = timecodeOf(frame, rate, startTimecode, drop);
        expect(frameOf(label, rate, startTimecode, drop)).toBe(frame);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives each frame a label above the one before and skips none but the dropped', () => {
    const labels = Array.from({ length: 20_000 }, (_, i) => timecodeOf(i, '30000/1001', null, true));
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.toSorted()).toEqual(labels);
    expect(
      labels.some((label) => /:0[1-9];0[01]$/.test(label) && label.split(':')[2]?.startsWith('00')),
    ).toBe(false);
  });

  it('stays within a tenth of a second of the clock all day with drop-frame counting', () => {
    const clock = (label: string) => {
      const [h = 0, m = 0, s = 0, f = 0] = label.split(/[:;]/).map(Number);
      return h * 3600 + m * 60 + s + (f * 1001) / 30000;
    };
    for (let i = 0; i < 2_589_000; i += 17_982) {
      expect(Math.abs(clock(timecodeOf(i, '30000/1001', null, true)) - (i * 1001) / 30000)).toBeLessThan(0.1);
    }
  });

  it('wraps at midnight', () => {
    expect(timecodeOf(1, '24000/1001', '23:59:59:23', false)).toBe('00:00:00:00');
    expect(timecodeOf(1, '30000/1001', '23:59:59;29', true)).toBe('00:00:00;00');
    expect(timecodeOf(-1, '25/1', '00:00:00:00', false)).toBe('23:59:59:24');
  });

  it('refuses labels that do not exist', () => {
    for (const label of ['00:01:00;00', '00:00:00;30', '24:00:00;00', 'noon']) {
      expect(() => frameOf(label, '30000/1001', null, true), label).toThrow(/timecode/);
    }
    expect(() => frameOf('00:00:00:24', '24000/1001', null, false)).toThrow(/timecode/);
  });

  it('reads tags, also those with a drop-frame mark, and leaves others alone', () => {
    expect(readTimecodeTag('01:00:00;00')).toEqual({ text: '01:00:00;00', dropFrame: true });
    expect(readTimecodeTag('01:00:00:00')?.dropFrame).toBe(false);
    expect(readTimecodeTag('2010-05-01')).toBeNull();
  });
});

describe('rates', () => {
  it('are fractions in lowest terms', () => {
    expect(parseRate('24000/1001')).toEqual({ num: 24000, den: 1001 });
    expect(parseRate('50/2')).toEqual({ num: 25, den: 1 });
    expect(parseRate('24')).toEqual({ num: 24, den: 1 });
    for (const bad of ['0/0', '-24/1', '24/0', 'fast', '']) expect(() => parseRate(bad), bad).toThrow(/rate/);
  });
});
