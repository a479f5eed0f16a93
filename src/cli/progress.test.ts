import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
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

/** A terminal of its own for the command, at which Escape and then Ctrl-C are pressed; prints how the command ended. */
const pressed = `
import fcntl, os, pty, struct, sys, termios, time
command, terminal = pty.fork()
if command == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
seen = b''
while b'3 steps' not in seen: seen += os.read(terminal, 1024)
os.write(terminal, b'\\x1b')
time.sleep(1)
os.write(terminal, b'\\x03')
try:
    while os.read(terminal, 1024): pass
except OSError: pass
print(os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))`;

test('Ctrl-C at a terminal reaches the command while its progress moves, and Escape ends nothing', async () => {
  const working = `
    const { progressView } = await import(${JSON.stringify(new URL('./progress.ts', import.meta.url).href)});
    process.once('SIGINT', () => process.exit(130));
    progressView().report({ phase: 'train', done: 1, total: 3, unit: 'steps' });
    setTimeout(() => process.exit(1), 60_000);`;
  const command = [process.execPath, '--input-type=module', '-e', working];
  const python = process.env.BACKLOT_PYTHON || 'python3';
  const { stdout } = await promisify(execFile)(python, ['-c', pressed, ...command]);
  expect(stdout.trim()).toBe('130');
});
