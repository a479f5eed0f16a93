import { describe, expect, test } from 'vitest';
import { head, refusal, useWorkspace } from './register.test-support.ts';

useWorkspace();

/** The head, a row whose last cell goes over three lines, and one with a territory that nobody knows on line 5. */
const over = (inside: string, between: string, territory = 'world') =>
  [
    head,
    `n1,studio,harbour,eval,${territory},,,"a${inside}b${inside}c"`,
    'n2,studio,harbour,eval,UK,,,3',
    '',
    'n3,studio,harbour,eval,UK,,,3',
  ].join(between);

const placesOf = (lines: readonly string[]) => lines.flatMap((line) => /^row (\d+)/.exec(line)?.[1] ?? []);

describe('the row is the line of the file where it begins', () => {
  const breaks = [
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ] as const;
  const each = breaks.flatMap(([inside, a]) =>
    breaks.map(([between, b]) => [inside, between, a, b] as const),
  );
  test.each(each)('with %s in a cell and %s between rows', async (_, __, inside, between) => {
    expect(placesOf(await refusal(over(inside, between)))).toEqual(['5', '7']);
    expect(placesOf(await refusal(over(inside, between, 'UK')))).toEqual(['2', '5', '7']);
  });

  test('where rows end differently', async () => {
    const mixed = `${head}\nn1,studio,harbour,eval,UK,,,3\r\nn2,studio,harbour,eval,UK,,,"x\r\ny"\nn3,studio,harbour,eval,UK,,,3`;
    expect(placesOf(await refusal(mixed))).toEqual(['2', '3', '5']);
  });
});

describe('what is no CSV is told where it opens, and nothing after it', () => {
  const row = (id: string, last: string) => `${id},studio,harbour,eval,UK,,,${last}`;
  test.each(['\n', '\r\n'])('a quote that nobody closed (%j)', async (end) => {
    const lines = await refusal(
      [head, row('n1', `"a${end}b"`), row('n2', '"open'), row('n3', '3'), ''].join(end),
    );
    expect(placesOf(lines)).toEqual(['2', '4']);
    expect(lines[2]).toContain('row 4, column "Desk": expected a quote that is closed again, found none');
  });

  test('a quote that is closed by the next one', async () => {
    const lines = await refusal(
      [head, '"n1,studio,harbour,eval,UK,,,3', row('n2', '"4, left"'), row('n3', '')].join('\n'),
    );
    expect(placesOf(lines)).toEqual(['2']);
    expect(lines[1]).toMatch(/row 2, column "Contract No": expected a comma .* found "4" on line 3/);
  });

  test('a quote within a cell, and text after a quoted one', async () => {
    const within = await refusal([head, row('n1', ''), '', row('n2', '5" tape'), row('n3', '')].join('\n'));
    expect(placesOf(within)).toEqual(['2', '4']);
    expect(within[2]).toContain('row 4, column "Desk": expected a quote');
    const after = await refusal([head, row('n1', '"a" b'), row('n2', '')].join('\n'));
    expect(placesOf(after)).toEqual(['2']);
    expect(after[1]).toContain('column "Desk": expected a comma');
  });

  test('a quote over more than a row can hold', async () => {
    const long = `${row('n3', '3')}\n`.repeat(70_000);
    const lines = await refusal([head, row('n1', '3'), row('n2', '"open'), long].join('\n'));
    expect(placesOf(lines)).toEqual(['2', '3']);
    expect(lines[2]).toContain('row 3, column "Desk": expected at most 1000000 characters in a row');
  });
});
