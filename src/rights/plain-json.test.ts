import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { plainJson } from './plain-json.ts';

test('any JSON text says what the reader of YAML finds in it', () => {
  const texts = fc
    .tuple(fc.json(), fc.constantFrom(0, 2))
    .map(([json, by]) => JSON.stringify(JSON.parse(json), null, by));
  fc.assert(
    fc.property(texts, (text) => {
      expect(JSON.stringify(plainJson(text))).toBe(
        JSON.stringify(parse(text, { version: '1.2', schema: 'core' })),
      );
    }),
    { numRuns: 500, seed: 3 },
  );
});

test('a key that one object has twice, however it is written, is left to the reader that says so', () => {
  expect(plainJson('{"a": 1, "a": 2}')).toBeUndefined();
  expect(plainJson('{"b": [{"a" : "\\"x\\": {", "\\u0061":2}]}')).toBeUndefined();
  expect(plainJson('{"b": [{"a": "\\"a\\": {"}, {"a": ":"}]}')).toEqual({ b: [{ a: '"a": {' }, { a: ':' }] });
});

test('what is YAML and no JSON is left to its reader', () => {
  for (const text of ['', 'a: 1', '{a: 1}', '{"a": 1,}']) expect(plainJson(text)).toBeUndefined();
});
