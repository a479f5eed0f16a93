import { expect, it } from 'vitest';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { cliFailureOf } from './exit-codes.ts';

const facts = { expected: 'a', where: 'b', found: 'c', remedy: 'Do d.' };

it.each([
  ['bad-input', 2],
  ['nothing-cleared', 3],
  ['workspace-locked', 75],
  ['cancelled', 130],
  ['engine-died', 1],
  ['bad-map', 1],
  ['bad-briefs', 1],
  ['ledger-invalid', 1],
])('a command that fails with %s exits with %i', (code, exitCode) => {
  const message = 'b: expected a, found c. Do d.';
  expect(cliFailureOf(new BacklotError(code, facts))).toEqual({ code, message, exitCode });
});

it('an error that came through the socket of the process that works counts the same', () => {
  const told = Object.assign(new Error('stopped'), { name: 'BacklotError', code: 'cancelled' });
  expect(cliFailureOf(told)).toEqual({ code: 'cancelled', message: 'stopped', exitCode: 130 });
});

it('problems are listed each by itself, whichever process found them', () => {
  const here = new BacklotError('ledger-invalid', { ...facts, problems: ['one', 'two'] });
  expect(cliFailureOf(here)).toMatchObject({ problems: ['one', 'two'] });
  const told = Object.assign(new Error(here.message), here.toJSON(), { name: 'BacklotError' });
  expect(cliFailureOf(told)).toMatchObject({ code: 'ledger-invalid', problems: ['one', 'two'] });
});

it('input that zod refuses exits with 2 and names the field in words', () => {
  const error = z
    .strictObject({ steps: z.int(), briefs: z.int().min(4) })
    .safeParse({ steps: 'many', briefs: 2 }, { reportInput: true }).error;
  const { message, ...rest } = cliFailureOf(error);
  expect(rest).toEqual({ code: 'bad-input', exitCode: 2 });
  expect(message).toBe(
    'steps: expected number, received string\nbriefs: expected number to be >=4, found 2\n`--help` says what each may be.',
  );
});

it('any other error is internal: an errno is not a code of ours', () => {
  const error = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  expect(cliFailureOf(error)).toEqual({ code: 'internal', message: 'no such file', exitCode: 1 });
  expect(cliFailureOf('text')).toEqual({ code: 'internal', message: 'text', exitCode: 1 });
});
