import { describe, expect, it } from 'vitest';
import type { ClipLine } from '../contract/index.ts';
import { captionAlarms } from './alarms.ts';
import { recordOf } from './record.ts';
import type { FreezeOptions } from './schema.ts';

const shot = (caption: string, source = 'model', title = 'a') => ({ title, caption, source });
const many = (n: number, caption: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => shot(caption(i)));
const rules = (shots: Parameters<typeof captionAlarms>[0]) =>
  captionAlarms(shots).map(({ rule, shots: n }) => [rule, n]);

const line = (n: number): ClipLine => ({
  ...{ id: String(n), shard: '', offset: 0, bytes: 1, frames: 5, height: 16, width: 16, fps: '24/1' },
  ...{
    caption: 'A man',
    captionSource: 'model',
    title: 'a',
    shot: `sht_${n >> 1}`,
    scene: 'a/1',
    split: 'train',
  },
});

describe('captions that say nothing of their shot', () => {
  it('are the same words for five shots of a title, however they are written', () => {
    const five = ['A man.', 'a man', 'A MAN!', 'a  man', 'A man'].map((text) => shot(text));
    expect(captionAlarms([...five, shot('A woman')])).toEqual([
      { rule: 'caption-repeated', shots: 5, message: expect.stringContaining('5 of 6 shots') },
    ]);
    expect(rules(five.slice(1))).toEqual([]);
    expect(rules([...five.slice(1), shot('A man', 'model', 'b')])).toEqual([]);
  });

  it('are ten of one source that begin alike and are half of it', () => {
    const alike = many(10, (i) => `The image shows a thing ${i}`);
    expect(rules([...alike, ...many(10, (i) => `${i} herons stand in the reeds`)])).toEqual([
      ['caption-boilerplate', 10],
    ]);
    expect(rules([...alike, ...many(11, (i) => `${i} herons stand in the reeds`)])).toEqual([]);
  });

  it('are in the record of a freeze, once for each shot, and nothing is where there are none', () => {
    const parts = {
      digest: '',
      options: {} as FreezeOptions,
      films: [],
      clips: [],
      skipped: [],
      notices: [],
      named: [],
      files: {},
    };
    const rights = { ledger: null, ruleVersion: '1', outcomes: {}, reasons: {} };
    const recorded = (clips: number) =>
      recordOf({ ...parts, rights, lines: Array.from({ length: clips }, (_, n) => line(n)) });
    expect(recorded(10).alarms).toMatchObject([{ rule: 'caption-repeated', shots: 5 }]);
    expect('alarms' in recorded(8)).toBe(false);
  });

  it('are not what was measured, which nobody wrote', () => {
    expect(rules(many(20, () => 'a bright, calm shot').map((one) => ({ ...one, source: 'facts' })))).toEqual(
      [],
    );
  });
});
