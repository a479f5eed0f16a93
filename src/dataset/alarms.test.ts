import { describe, expect, it } from 'vitest';
import { captionAlarms } from './alarms.ts';

const shot = (caption: string, source = 'model', title = 'a') => ({ title, caption, source });
const many = (n: number, caption: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => shot(caption(i)));
const rules = (shots: Parameters<typeof captionAlarms>[0]) =>
  captionAlarms(shots).map(({ rule, shots: n }) => [rule, n]);

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

  it('are not what was measured, which nobody wrote', () => {
    expect(rules(many(20, () => 'a bright, calm shot').map((one) => ({ ...one, source: 'facts' })))).toEqual(
      [],
    );
  });
});
