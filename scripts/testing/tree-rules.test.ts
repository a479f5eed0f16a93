import { expect, test } from 'vitest';
import { problemsOf } from './tree-rules.ts';

test('a source file of 300 lines is fine, one more is not', () => {
  expect(problemsOf('src/a.ts', 'x\n'.repeat(300))).toEqual([]);
  expect(problemsOf('src/a.ts', 'x\n'.repeat(301))).toEqual([expect.stringContaining('found 301')]);
  expect(problemsOf('engine/backlot_engine/contract.py', 'x\n'.repeat(900))).toEqual([]);
  expect(problemsOf('docs/LOG.md', 'x\n'.repeat(900))).toEqual([]);
});

test.each([
  ['src/a.ts', "const folder = '/tmp/x';"],
  ['docs/a.md', 'see `/home/anna/films`'],
  ['.ci/run', 'cd /root/repo'],
  ['setup/a.txt', '--index-url https://pypi.org/simple'],
  ['package-lock.json', '  "resolved": "https://example.test/a.tgz",'],
])('%s must not name a machine or a registry: %s', (path, text) => {
  expect(problemsOf(path, text)).toHaveLength(1);
});

test.each([
  ['src/a.ts', "import { tmpdir } from 'node:os'; join(tmpdir(), 'work')"],
  ['src/a.ts', "fetch('/api/work/1'); join(base, 'a/tmp/x');"],
  ['README.md', 'an npm registry of your own'],
])('%s may say: %s', (path, text) => {
  expect(problemsOf(path, text)).toEqual([]);
});

test('the engine opens files in data/ only, and nothing on the network', () => {
  expect(problemsOf('engine/backlot_engine/models/a.py', 'import json\n')).toHaveLength(1);
  expect(problemsOf('engine/backlot_engine/flow/a.py', 'with open(path) as f:\n')).toHaveLength(1);
  expect(problemsOf('engine/backlot_engine/data/a.py', 'import json\n')).toEqual([]);
  expect(problemsOf('engine/backlot_engine/train.py', 'import socket\n')).toHaveLength(1);
  expect(problemsOf('engine/backlot_engine/train.py', 'state = torch.load(path)\n')).toHaveLength(1);
  expect(problemsOf('engine/backlot_engine/data/x.py', 'torch.load(path, weights_only=True)\n')).toEqual([]);
});

test('an ffmpeg flag outside media is found, with its line', () => {
  expect(problemsOf('src/shots/a.ts', "x;\nspawn('x', ['-vf', 'scale'])")).toEqual([
    expect.stringContaining('src/shots/a.ts:2'),
  ]);
  expect(problemsOf('src/media/a.ts', "['-vf', 'scale']")).toEqual([]);
});
