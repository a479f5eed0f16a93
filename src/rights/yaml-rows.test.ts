import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { messageOf } from '../contract/index.ts';
import { generous, ledgers } from './random.test-support.ts';
import { readLedger } from './read.ts';
import { yamlRows } from './yaml-rows.ts';

const read = (text: string) => yamlRows(text, () => {});
const asWhole = (text: string): unknown =>
  parseDocument(text, { version: '1.2', schema: 'core' }).toJS({ maxAliasCount: 100 });

/** Notes that YAML writes in every way that it has: in quotes, over several lines, folded. */
const notes = fc.constantFrom(
  'a: b',
  '- not a row',
  'grants:\n  - id: g\n',
  'two\nlines',
  '\n\nends in lines\n\n',
  '# no remark',
  ' spaces ',
  'it\'s "quoted"',
  'x'.repeat(200),
  'word '.repeat(60),
  '---',
  'Zoë\ttab',
);

/** So many rows that they are read in more than one part. */
const files = fc
  .record({ ledger: ledgers.map(generous), note: fc.array(notes, { minLength: 3, maxLength: 9 }) })
  .map(({ ledger, note }) => ({
    ...ledger,
    agreements: Array.from({ length: 600 }, (_, i) => ({
      ...ledger.agreements[i % 2],
      id: `a${i}`,
      note: note[i % note.length],
    })),
  }));
const forms = fc.record({
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 40, 80),
  blockQuote: fc.constantFrom<boolean | 'folded' | 'literal'>(true, false, 'folded', 'literal'),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
  aliasDuplicateObjects: fc.constant(false),
  defaultKeyType: fc.constant('PLAIN' as const),
});

describe('a ledger file that is read some rows at a time', () => {
  test('says what it says as a whole, however its rows are written', async () => {
    await fc.assert(
      fc.asyncProperty(files, forms, fc.boolean(), async (file, form, isOfWindows) => {
        const text = stringify(file, form).replaceAll('\n', isOfWindows ? '\r\n' : '\n');
        expect(await read(text)).toEqual(asWhole(text));
      }),
      { numRuns: 5 },
    );
  }, 120_000);

  const many = Array.from({ length: 2_000 }, (_, i) => `  - {id: p${i}, kind: person, name: P}`).join('\n');

  test('may have remarks, empty lines and empty sections', async () => {
    const text = `# a ledger\n\nversion: 1 # so far\nparties: # people\n\n# all\n${many}\n\n# no more\ntitles:\ngrants: []\n`;
    expect(await read(text)).toEqual(asWhole(text));
    expect(await read(text)).toMatchObject({ version: 1, titles: null, grants: [] });
  });

  test.each(['', '\n'])(
    'keeps the empty lines that a text ends in, also where a part does (%j at the end)',
    async (end) => {
      const rows = Array.from(
        { length: 2_000 },
        (_, i) => `  - id: p${i}\n    note: |+\n      ends in lines\n\n`,
      );
      const text = `version: 1\nparties:\n${rows.join('')}      `.trimEnd() + end;
      expect((await read(text)) ?? asWhole(text)).toEqual(asWhole(text));
      const keeping = `version: 1\nparties:\n${rows.join('')}`;
      expect(await read(keeping)).toEqual(asWhole(keeping));
    },
  );

  test('tells how far it is', async () => {
    const told: number[] = [];
    const text = `version: 1\nparties:\n${many}\n`;
    await yamlRows(text, (done) => told.push(done));
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toBe(text.length);
  });

  test.each([
    ['a short one', 'version: 1\nparties:\n  - {id: p, kind: person, name: P}\n'],
    ['a section twice', `parties:\n${many}\ntitles: []\nparties:\n${many}\n`],
    ['one that another row is named in', `parties:\n${many}\n  - &p {id: q}\ntitles:\n  - *p\n`],
    ['one that is no list of rows', `parties:\n${many}\nnote: "two\n  lines"\n`],
    ['two documents', `parties:\n${many}\n---\nversion: 1\n`],
    ['a quote that nobody closed', `parties:\n  - {id: q, name: "P}\n${many}\n`],
    ['a key twice in one row', `parties:\n${many}\n  - id: q\n    id: r\n`],
    ['rows that do not begin alike', `parties:\n${many}\n - id: q\n`],
    ['ends of lines of an old system', `parties:\n${many}\r  - id: q\n`],
  ])('is not %s', async (_, text) => {
    expect(await read(text)).toBeUndefined();
  });
});

const broken: Record<string, (row: Record<string, unknown>) => object> = {
  'a key nobody knows': (row) => ({ ...row, emial: 'p@example.org' }),
  'a word that is none': (row) => ({ ...row, kind: 'robot' }),
  'a formula': (row) => ({ ...row, name: '=1+1' }),
  'nothing where something must be': ({ kind: _, ...row }) => row,
  'an id that another has': (row) => ({ ...row, id: 'p0' }),
  'a list in a list': (row) => ({ ...row, ids: [{ scheme: 'ISNI', value: '12' }] }),
};

test('what is wrong in it is told with the same line and column as of the whole file', async () => {
  for (const [what, spoilt] of Object.entries(broken))
    for (const at of [1, 1_500]) {
      const parties = Array.from({ length: 1_600 }, (_, i) => ({
        id: `p${i}`,
        kind: 'person',
        name: `Person ${i}`,
      }));
      const rows = parties.map((row, i) => (i === at ? spoilt(row) : row));
      const text = `# what is wrong: ${what}\n${stringify({ version: 1, parties: rows, titles: [], gratns: [] })}`;
      const raw = await read(text);
      expect(raw).toBeDefined();
      expect(refusalOf(text, raw)).toBe(refusalOf(text));
      expect(refusalOf(text, raw)).toContain('line ');
    }
});

function refusalOf(text: string, rows?: unknown): string {
  try {
    readLedger(text, 'ledger.yaml', undefined, rows);
    return '';
  } catch (error) {
    return messageOf(error);
  }
}
