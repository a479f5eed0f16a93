import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Take } from '../generate/index.ts';
import type { Context, JobDraft } from '../jobs/index.ts';
import { leaveOutcome } from '../trust/mark.test-support.ts';
import { checkTakes } from './check.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const reading = JSON.stringify({ id: 'b1-0', attributes: {}, motion: 0, sharpness: 0, copyDistance: null });
let context: Context;
let close: () => Promise<void>;
let asked: JobDraft[] = [];
/** What lies where the check wrote its lines. */
let checks = reading;

/** Stands in for Python: a check that reads one take. */
async function run(draft: JobDraft) {
  asked.push(draft);
  const directory = join(context.paths.runs, 'run_check');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'checks.jsonl'), `${checks}\n`);
  const result = { checks: { path: 'checks.jsonl', sha256: hashOf(`${reading}\n`) }, copyLimit: null };
  const outcome = { status: 'succeeded' as const, result };
  return { id: 'run_check', directory, outcome, reused: false, notices: [], mustStand: async () => {} };
}

beforeAll(async () => {
  ({ context, close } = await testContext({ engine: { run } }));
});
afterAll(() => close());

const take = (runId: string) =>
  ({
    ...{ id: `tak_${runId}`, runId, briefId: 'b1', candidate: 0 },
    brief: { text: 'Pip walks', expect: {} },
  }) as unknown as Take;

async function drawn(id: string): Promise<string> {
  const directory = join(context.paths.runs, id);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'job.json'), JSON.stringify({ id }));
  await writeFile(join(directory, 'takes.jsonl'), 'as the run wrote it');
  return directory;
}

const outcome = {
  status: 'succeeded',
  result: { takes: { path: 'takes.jsonl', sha256: hashOf('as the run wrote it') } },
};

it('takes are checked by the hash that their run has marked, not by that of what lies there now', async () => {
  const directory = await drawn('run_marked');
  await leaveOutcome(directory, 'run_marked', outcome);
  await writeFile(join(directory, 'takes.jsonl'), 'exchanged');
  asked = [];
  await checkTakes(context, [take('run_marked')], []).catch(() => {});
  expect(asked).toMatchObject([{ kind: 'check', takes: { sha256: outcome.result.takes.sha256 } }]);
});

it('takes of a run whose outcome anybody can have written are not checked', async () => {
  const directory = await drawn('run_forged');
  await writeFile(join(directory, 'outcome.json'), JSON.stringify(outcome));
  asked = [];
  const checked = checkTakes(context, [take('run_forged')], []);
  await expect(checked).rejects.toMatchObject({ code: 'takes-unmarked' });
  expect(asked).toEqual([]);
});

it('readings that lie there in place of those of the check are not believed', async () => {
  await leaveOutcome(await drawn('run_read'), 'run_read', outcome);
  checks = reading.replace('b1-0', 'b1-1');
  await expect(checkTakes(context, [take('run_read')], [])).rejects.toMatchObject({ code: 'takes-altered' });
});
