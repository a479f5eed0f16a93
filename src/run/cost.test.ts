import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { leaveOutcome } from '../trust/mark.test-support.ts';
import { cpuSecondsOf } from './cost.ts';

const runs = mkdtempSync(join(tmpdir(), 'backlot-test-cost-'));
afterAll(() => rmSync(runs, { recursive: true }));

async function ran(id: string, kind: string, cpuSeconds: number, takesOf?: string): Promise<void> {
  const takes = takesOf && { path: join(runs, takesOf, 'takes.jsonl'), sha256: 'a' };
  mkdirSync(join(runs, id));
  writeFileSync(join(runs, id, 'job.json'), JSON.stringify({ kind, takes }));
  const outcome = { status: 'succeeded', result: { cpuSeconds } };
  await leaveOutcome(join(runs, id), id, outcome);
}

it('what takes cost is their training, drawing, enlarging and checking, and nothing of other takes or that no run has marked', async () => {
  await ran('run_train', 'train', 100);
  await ran('run_mine', 'generate', 20);
  await ran('run_large', 'upscale', 23, 'run_mine');
  await ran('run_check', 'check', 4, 'run_mine');
  await ran('run_other', 'generate', 1000);
  await ran('run_other-large', 'upscale', 1000, 'run_other');
  await ran('run_planted', 'upscale', 1000, 'run_mine');
  rmSync(join(runs, 'run_planted/outcome.mark.json'));
  const context = { paths: { runs } } as Parameters<typeof cpuSecondsOf>[0];
  expect(await cpuSecondsOf(context, new Set(['run_train', 'run_mine']))).toBe(147);
});
