import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { purgeToldWords } from './told-words.ts';

it('words go where they stand, and nothing else, also behind a damaged line that is no text', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'backlot-'));
  const path = join(directory, 'events.jsonl');
  const before = Buffer.concat([
    Buffer.from([0xff, 0xfe, 0xc3]),
    Buffer.from('\n{"type":"phase","phase":"a"}\n'),
  ]);
  const told = '{"type":"notice","code":"words-shared","message":"a pier at dusk, and what lies behind it"}';
  const after = '\n{"type":"metric","step":1}\n{"type":"phase","phase":"b"}\n';
  await writeFile(path, Buffer.concat([before, Buffer.from(told + after)]));
  await purgeToldWords(directory);
  const left = await readFile(path);
  expect(left.subarray(0, before.length).equals(before)).toBe(true);
  expect(left.subarray(before.length).toString()).toMatch(/^\{.*"Removed with a withdrawal\.".*\} *\n/);
  expect(left.toString().endsWith(after)).toBe(true);
  await rm(directory, { recursive: true });
});
