import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Context } from '../jobs/index.ts';
import { whileCutting, withoutCutting } from './forget-clips.ts';

it('a freeze that is given while a withdrawal removes what was left begins after that', async () => {
  const did: string[] = [];
  const db = {
    select: () => {
      did.push('began');
      throw new Error('no database');
    },
  };
  const told: unknown[] = [];
  const common = { paths: { root: 'a' }, signal: new AbortController().signal };
  const context = { ...common, db, report: (said: unknown) => told.push(said) } as unknown as Context;
  const removed = async () => {
    await setTimeout(50);
    did.push('removed');
  };
  const withdrawal = withoutCutting(context, removed);
  await expect(whileCutting(context, async () => {})).rejects.toThrow('no database');
  await withdrawal;
  expect(did).toEqual(['removed', 'began']);
  expect(told).toHaveLength(1);
});
