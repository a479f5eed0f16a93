import { afterEach, expect, test, vi } from 'vitest';
import { plainLines } from './progress.ts';

afterEach(() => vi.restoreAllMocks());

test('without a terminal the last line of every phase is told, and none twice', () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const view = plainLines();
  const report = (phase: string, done: number) => view.report({ phase, done, total: 3, unit: 'clips' });
  for (const phase of ['cut', 'train']) for (const done of [1, 2, 3]) report(phase, done);
  view.end();
  view.end();
  expect(lines.map((line) => line.split(' clips')[0])).toEqual([
    'cut · 1/3',
    'cut · 3/3',
    'train · 1/3',
    'train · 3/3',
  ]);
});

test('a notice has a line of its own at once, and is said once however often it comes', () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const { report, end } = plainLines();
  const at = { phase: 'train', done: 1, total: 3, unit: 'clips' };
  report(at);
  report({ ...at, notice: 'tollo shares its row' });
  report({ ...at, notice: 'tollo shares its row' });
  end();
  expect(lines).toEqual(['train · 1/3 clips\n', 'notice: tollo shares its row\n']);
});

test('the name of a file ends no line and moves no cursor', () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const { report, end } = plainLines();
  const at = { phase: 'catalog', done: 1, total: 3, unit: 'bytes', note: 'new\nline\u001b[2J.mp4' };
  report(at);
  report({ ...at, notice: 'first\u001b[2J\nsecond' });
  end();
  expect(lines).toEqual([
    'catalog · 1/3 bytes · new\\nline\\u001b[2J.mp4\n',
    'notice: first\\u001b[2J\nsecond\n',
  ]);
});
