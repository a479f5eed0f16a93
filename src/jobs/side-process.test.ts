import { expect, test } from 'vitest';
import { childEnvironment } from './process.ts';
import { ask } from './side-process.ts';

const script = (text: string) => [process.execPath, '-e', text];
const bytes = Buffer.from([0, 255, 10, 13]);

test('a program gets the bytes as they are, and what it prints comes back so', async () => {
  expect(await ask(script('process.stdin.pipe(process.stdout)'), bytes, 60)).toEqual(bytes);
});

test('a program that does not end is stopped', async () => {
  await expect(ask(script('setTimeout(() => {}, 60_000)'), bytes, 0.5)).rejects.toMatchObject({
    code: 'command-failed',
    facts: { found: 'no end: it was stopped' },
  });
});

test('arguments are no shell words', async () => {
  const [program = ''] = script('');
  const answer = await ask([program, '-p', 'process.argv[1]', '$HOME; ls'], bytes, 60);
  expect(answer.toString().trim()).toBe('$HOME; ls');
});

test('a program that prints without end is stopped', async () => {
  const endless = ask(script("setInterval(() => process.stdout.write('x'.repeat(9999)), 1)"), bytes, 60);
  await expect(endless).rejects.toMatchObject({ code: 'command-failed' });
});

test('keys stay in this process', () => {
  process.env.BACKLOT_SIGN_KEY = 'secret';
  process.env.BACKLOT_CAPTION_KEY = 'secret';
  try {
    expect(childEnvironment({ MORE: 'yes' })).toMatchObject({ MORE: 'yes', PATH: process.env.PATH });
    expect(JSON.stringify(childEnvironment({}))).not.toContain('secret');
  } finally {
    delete process.env.BACKLOT_SIGN_KEY;
    delete process.env.BACKLOT_CAPTION_KEY;
  }
});
