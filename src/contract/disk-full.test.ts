import { expect, test } from 'vitest';
import { nameDiskFull } from './disk-full.ts';
import { BacklotError } from './errors.ts';

const facts = { expected: 'a', where: 'b', found: 'c', remedy: 'd' };
const coded = (code: string) => Object.assign(new Error('write'), { code });

test.each([
  ['the system', coded('ENOSPC')],
  ['a quota', coded('EDQUOT')],
  ['a query that failed', new Error('Failed query: insert …', { cause: coded('53100') })],
  ["the embedded database's files", { name: 'ErrnoError', errno: 51 }],
  ['a program', new Error('ffmpeg: out.mp4: No space left on device')],
  ['a stage that could not write', new BacklotError('workspace-unwritable', facts, coded('ENOSPC'))],
])('where %s says that there is no room, the error says so and what to do', (_who, error) => {
  expect(nameDiskFull(error, '/films/ws')).toMatchObject({
    code: 'disk-full',
    facts: { where: '/films/ws', remedy: expect.stringContaining('run the command again') },
  });
});

test.each([
  ['another error', coded('EACCES')],
  ['a disk-full that was named already', new BacklotError('disk-full', facts, coded('ENOSPC'))],
  ['nothing', undefined],
])('%s stays what it is', (_what, error) => {
  expect(nameDiskFull(error, '/films/ws')).toBe(error);
});
