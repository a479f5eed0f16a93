import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cpuSecondsOf } from './cost.ts';

const runs = mkdtempSync(join(tmpdir(), 'backlot-test-cost-'));
afterAll(() => rmSync(runs, { recursive: true }));

function ran(id: string, kind: string, cpuSeconds: number, takesOf?: string): void {
  const takes = takesOf && { path: join(runs, takesOf, 'takes.jsonl'), sha256: 'a' };
  mkdirSync(join(runs, id));
  writeFileSync(join(runs, id, 'job.json'), JSON.stringify({ kind, takes }));
  const outcome = { status: 'succeeded', result: { cpuSeconds } };
  writeFileSync(join(runs, id, 'outcome.json'), JSON.stringify(outcome));
}

it('what takes cost is their training, drawing, enlarging and checking, and nothing of other takes', async () => {
  ran('run_train', 'train', 100);
  ran('run_mine', 'generate', 20);
  ran('run_large', 'upscale', 23, 'run_mine');
  ran('run_check', 'check', 4, 'run_mine');
  ran('run_other', 'generate', 1000);
  ran('run_other-large', 'upscale', 1000, 'run_other');
  const context = { paths: { runs } } as Parameters<typeof cpuSecondsOf>[0];
  expect(await cpuSecondsOf(context, new Set(['run_train', 'run_mine']))).toBe(147);
});
