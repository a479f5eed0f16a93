import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../contract/index.ts';
import { encodeDraft, ends, type FakeEngine, fakeEngine, trainDraft } from './engine.test-support.ts';
import { draftToJob } from './engine-process.ts';

let fake: FakeEngine;

beforeEach(async () => {
  fake = await fakeEngine();
});
afterEach(() => fake.remove());

const succeeds = ends({ status: 'succeeded', result: { clips: 3 } });
const folderOf = (draft: Parameters<typeof draftToJob>[0]) => join(fake.runs, draftToJob(draft).id);

/** The error that a run ends with; a run that succeeds fails the test. */
async function failureOf(run: Promise<unknown>): Promise<{ code: string; message: string }> {
  return run.then(
    () => Promise.reject(new Error('the run succeeded')),
    (error: { code: string; message: string }) => error,
  );
}

describe('a run', () => {
  it('gives the outcome, and the job it was asked for lies whole in its directory', async () => {
    await fake.becomes(succeeds);
    const { id, directory, outcome, reused } = await fake.engine.run(encodeDraft(1));
    expect({ outcome, reused }).toEqual({
      outcome: { status: 'succeeded', result: { clips: 3 } },
      reused: false,
    });
    expect(directory).toBe(join(fake.runs, id));
    expect(JSON.parse(await readFile(join(directory, 'job.json'), 'utf8'))).toEqual(
      draftToJob(encodeDraft(1)),
    );
  });

  it('tells the events that the engine writes, each once and in order', async () => {
    const line = (seq: number) =>
      JSON.stringify({ seq, at: '2026-01-01T00:00:00.000Z', type: 'phase', name: `part ${seq}` });
    await fake.becomes(
      `echo '${line(0)}' >> "$dir/events.jsonl"; sleep 0.4; echo '${line(1)}' >> "$dir/events.jsonl"; ${succeeds}`,
    );
    const told: RunEvent[] = [];
    await fake.engine.run(encodeDraft(2), (event) => told.push(event));
    expect(told.map(({ seq }) => seq)).toEqual([0, 1]);
  });

  it('is not started twice for the same job', async () => {
    await fake.becomes(succeeds);
    await fake.engine.run(encodeDraft(3));
    const again = await fake.engine.run(encodeDraft(3));
    expect(again.reused).toBe(true);
    expect(await fake.starts()).toBe(1);
  });

  it('is another run where one option is another', async () => {
    await fake.becomes(succeeds);
    const first = await fake.engine.run(encodeDraft(4));
    const second = await fake.engine.run(encodeDraft(5));
    expect(second.id).not.toBe(first.id);
  });
});

describe('an engine that ends badly', () => {
  it('without an outcome is engine-died, with the end of its log and what to do', async () => {
    await fake.becomes('echo noise; echo "no room for tensors" >&2; exit 9');
    const error = await failureOf(fake.engine.run(encodeDraft(1)));
    expect(error.code).toBe('engine-died');
    expect(error.message).toContain('(9)');
    expect(error.message).toContain('no room for tensors');
    expect(error.message).toContain('Run the same command again');
  });

  it('that cannot be started is engine-died too', async () => {
    process.env.BACKLOT_PYTHON = join(fake.runs, 'no-such-python');
    expect((await failureOf(fake.engine.run(encodeDraft(1)))).code).toBe('engine-died');
  });

  it('with a failed outcome is that failure, with its code and hint', async () => {
    const failed = {
      status: 'failed',
      code: 'disk-full',
      message: 'no room',
      retryable: true,
      hint: 'Free it.',
    };
    await fake.becomes(ends(failed));
    const error = await failureOf(fake.engine.run(encodeDraft(1)));
    expect(error).toMatchObject({ name: 'BacklotError', code: 'disk-full' });
    expect(error.message).toContain('no room. Free it.');
  });

  it('is tried again when asked again; the failed try is kept aside', async () => {
    await fake.becomes(ends({ status: 'failed', code: 'x', message: 'm', retryable: true, hint: 'h' }));
    await failureOf(fake.engine.run(encodeDraft(1)));
    await fake.becomes(succeeds);
    const { id } = await fake.engine.run(encodeDraft(1));
    expect((await readdir(fake.runs)).sort()).toEqual([id, `${id}.attempt-1`]);
  });

  it('goes on in the same directory where it left no outcome', async () => {
    await fake.becomes('echo half > "$dir/half-done"; exit 1');
    await failureOf(fake.engine.run(encodeDraft(1)));
    await fake.becomes(`test -f "$dir/half-done" && ${succeeds}`);
    const { directory } = await fake.engine.run(encodeDraft(1));
    expect(existsSync(join(directory, 'half-done'))).toBe(true);
  });
});

describe('a cancelled run', () => {
  const untilCancelled = `while [ ! -e "$dir/cancel" ]; do sleep 0.05; done`;

  it('is asked to stop at its next step, and says cancelled', async () => {
    await fake.becomes(`${untilCancelled}; ${ends({ status: 'cancelled', resumeFrom: null })}`);
    const stop = new AbortController();
    const run = failureOf(fake.engine.run(encodeDraft(1), () => {}, stop.signal));
    await until(() => fake.starts());
    stop.abort();
    expect((await run).code).toBe('cancelled');
  });

  it('of training is continued by a new run that names the checkpoint', async () => {
    const checkpoint = { path: '/runs/x/checkpoints/step-000002', sha256: 'b'.repeat(64) };
    await mkdir(folderOf(trainDraft(1)), { recursive: true });
    const cancelled = { status: 'cancelled', resumeFrom: checkpoint };
    await writeFile(join(folderOf(trainDraft(1)), 'outcome.json'), JSON.stringify(cancelled));
    await fake.becomes(succeeds);
    const { id, directory } = await fake.engine.run(trainDraft(1));
    expect(id).toBe(draftToJob({ ...trainDraft(1), resumeFrom: checkpoint }).id);
    expect(JSON.parse(await readFile(join(directory, 'job.json'), 'utf8')).resumeFrom).toEqual(checkpoint);
    expect((await fake.engine.run(trainDraft(1))).reused).toBe(true);
  });

  it('is asked also where the request comes while the engine is being started', async () => {
    await fake.becomes(`sleep 2; ${succeeds}`);
    const stop = new AbortController();
    const run = fake.engine.run(encodeDraft(1), () => {}, stop.signal);
    stop.abort();
    await run.catch(() => {});
    expect(existsSync(join(folderOf(encodeDraft(1)), 'cancel'))).toBe(true);
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is not hit by a ctrl-C, which goes to a whole process group',
    async () => {
      await fake.becomes(`echo $$ $(cut -d' ' -f5 /proc/$$/stat) > "$dir/group"; ${succeeds}`);
      const { directory } = await fake.engine.run(encodeDraft(1));
      const [pid, group] = (await readFile(join(directory, 'group'), 'utf8')).trim().split(' ');
      expect(group).toBe(pid);
    },
  );

  it('that was killed before it could say so is not cancelled again by the same request', async () => {
    await mkdir(folderOf(encodeDraft(1)), { recursive: true });
    await writeFile(join(folderOf(encodeDraft(1)), 'cancel'), '');
    const cancelled = ends({ status: 'cancelled', resumeFrom: null });
    await fake.becomes(`if [ -e "$dir/cancel" ]; then ${cancelled}; else ${succeeds}; fi`);
    expect((await fake.engine.run(encodeDraft(1))).outcome.status).toBe('succeeded');
  });

  it('is not started where the request came first', async () => {
    await fake.becomes(succeeds);
    const run = fake.engine.run(encodeDraft(1), () => {}, AbortSignal.abort(new Error('stop')));
    await expect(run).rejects.toThrow('stop');
    expect(await fake.starts()).toBe(0);
  });
});

it('a run that a dead process left at work is adopted, not started again', async () => {
  const started = `printf '{"seq":0,"at":"2026-01-01T00:00:00.000Z","type":"started","pid":%d,"resumedAtStep":null}\\n' $$`;
  await fake.becomes(`${started} >> "$dir/events.jsonl"; sleep 1; ${succeeds}`);
  const first = fake.engine.run(encodeDraft(1));
  await until(async () => existsSync(join(folderOf(encodeDraft(1)), 'events.jsonl')));
  const second = await fake.engine.run(encodeDraft(1));
  expect(second.outcome).toEqual((await first).outcome);
  expect(await fake.starts()).toBe(1);
});

async function until(holds: () => Promise<unknown>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
