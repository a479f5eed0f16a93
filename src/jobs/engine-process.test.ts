import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../contract/index.ts';
import {
  encodeDraft,
  ends,
  type FakeEngine,
  failureOf,
  fakeEngine,
  trainDraft,
} from './engine.test-support.ts';
import { draftToJob, type JobDraft } from './engine-process.ts';
import { engineVersion } from './hash.ts';

let fake: FakeEngine;
const engine = await engineVersion();
const jobOf = (draft: JobDraft) => draftToJob(draft, engine);

beforeEach(async () => {
  fake = await fakeEngine();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fake.remove();
});

const succeeds = ends({ status: 'succeeded', result: { clips: 3 } });
const folderOf = (draft: JobDraft) => join(fake.runs, jobOf(draft).id);

describe('a run', () => {
  it('gives the outcome, and the job it was asked for lies whole in its directory', async () => {
    await fake.becomes(succeeds);
    const { id, directory, outcome, reused } = await fake.engine.run(encodeDraft(1));
    expect({ outcome, reused }).toEqual({
      outcome: { status: 'succeeded', result: { clips: 3 } },
      reused: false,
    });
    expect(directory).toBe(join(fake.runs, id));
    expect(JSON.parse(await readFile(join(directory, 'job.json'), 'utf8'))).toEqual(jobOf(encodeDraft(1)));
  });

  it('learns and draws on the device that BACKLOT_DEVICE names, the processor where it names none', () => {
    vi.stubEnv('BACKLOT_DEVICE', '');
    expect(jobOf(trainDraft(1)).device).toBe('cpu');
    vi.stubEnv('BACKLOT_DEVICE', 'cuda');
    expect(jobOf(trainDraft(1)).device).toBe('cuda');
    expect(jobOf(encodeDraft(1)).device).toBe('cpu');
    vi.stubEnv('BACKLOT_DEVICE', 'tpu');
    expect(() => jobOf(trainDraft(1))).toThrow('BACKLOT_DEVICE: expected cpu or cuda, found tpu');
  });

  it.each(['-1', '1.5', 'two', '999'])('with BACKLOT_THREADS=%s is refused', (threads) => {
    vi.stubEnv('BACKLOT_THREADS', threads);
    expect(() => jobOf(trainDraft(1))).toThrow(
      `BACKLOT_THREADS: expected a whole number from 1 to 256, found ${threads}`,
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

describe('after an update of the engine', () => {
  const older = draftToJob(encodeDraft(1), 'b'.repeat(64));
  const leave = async (outcome: object | null) => {
    await mkdir(join(fake.runs, older.id), { recursive: true });
    // Engines of before ADR 0135 had no choice of a device.
    const { device: _, ...asItWas } = older;
    await writeFile(join(fake.runs, older.id, 'job.json'), JSON.stringify(asItWas));
    if (outcome) await writeFile(join(fake.runs, older.id, 'outcome.json'), JSON.stringify(outcome));
  };
  /** An engine that some process started and left; it tells events of a kind that only it knows. */
  const leaveAtWork = (id: string) => {
    const directory = join(fake.runs, id);
    const files = { leftAt: join(directory, 'events.jsonl'), ended: join(directory, 'ended') };
    const body = `printf '{"type":"started","pid":%d}\\n{"type":"of old"}\\n' $$ > "$3/half" && mv "$3/half" "$3/events.jsonl"
      while [ -d "$3" ] && [ ! -e "$3/cancel" ]; do sleep 0.05; done; [ -d "$3" ] && : > "$3/ended"`;
    spawn('sh', ['-c', body, 'engine', '-m', 'backlot_engine', directory]);
    return files;
  };
  const codesOf = async () => {
    const told: RunEvent[] = [];
    const { id } = await fake.engine.run(encodeDraft(1), (event) => told.push(event));
    return { id, codes: told.map((event) => (event.type === 'notice' ? event.code : event.type)) };
  };

  it('what the old one finished is not read as new: the same wish is another run', async () => {
    await leave({ status: 'succeeded', result: { clips: 99 } });
    await fake.becomes(succeeds);
    const { outcome, reused } = await fake.engine.run(encodeDraft(1));
    expect({ clips: outcome.result.clips, reused }).toEqual({ clips: 3, reused: false });
  });

  it('what the old one left unfinished is not gone on with, and a notice says where it lies', async () => {
    await leave(null);
    await fake.becomes(succeeds);
    const { id, codes } = await codesOf();
    expect(codes).toEqual(['other-engine']);
    expect(id).not.toBe(older.id);
    expect(existsSync(join(fake.runs, older.id, 'outcome.json'))).toBe(false);
  });

  it('what the old one is still at is asked to stop before anything begins, for whatever it was begun', async () => {
    await leave(null);
    const { leftAt, ended } = leaveAtWork(older.id);
    await until(async () => existsSync(leftAt));
    await fake.becomes(`test -e '${ended}' && ${succeeds}`);
    const told: RunEvent[] = [];
    await fake.engine.run(encodeDraft(2), (event) => told.push(event));
    expect(told.map((event) => event.type === 'notice' && event.code)).toEqual(['other-engine-stopped']);
    expect(told[0]).toMatchObject({ message: expect.stringContaining(join(fake.runs, older.id)) });
    expect((await readdir(join(fake.runs, older.id))).sort()).toEqual([
      ...['cancel', 'ended', 'events.jsonl', 'job.json'],
    ]);
  });

  it('what this one left at work is not stopped by other work', async () => {
    const ours = jobOf(encodeDraft(1)).id;
    await mkdir(join(fake.runs, ours), { recursive: true });
    await writeFile(join(fake.runs, ours, 'job.json'), JSON.stringify(jobOf(encodeDraft(1))));
    const { leftAt, ended } = leaveAtWork(ours);
    await until(async () => existsSync(leftAt));
    await fake.becomes(succeeds);
    await fake.engine.run(encodeDraft(2));
    expect([existsSync(join(fake.runs, ours, 'cancel')), existsSync(ended)]).toEqual([false, false]);
  });

  it('a torn job of other work keeps nothing from being done', async () => {
    await leave(null);
    await writeFile(join(fake.runs, older.id, 'job.json'), '{"kind": "enc');
    await fake.becomes(succeeds);
    expect((await codesOf()).codes).toEqual([]);
  });

  it('nothing is said of work that the old one finished, nor of other work', async () => {
    await leave({ status: 'succeeded', result: {} });
    await fake.becomes(succeeds);
    expect((await codesOf()).codes).toEqual([]);
  });
});

it('what the engine had to say comes with the result, also when the run is reused', async () => {
  const at = '2026-01-01T00:00:00.000Z';
  const notice = JSON.stringify({ seq: 0, at, type: 'notice', code: 'words-shared', message: 'a, b' });
  await fake.becomes(`echo '${notice}' >> "$dir/events.jsonl"; ${succeeds}`);
  for (const reused of [false, true])
    expect(await fake.engine.run(encodeDraft(7))).toMatchObject({
      reused,
      notices: [{ code: 'words-shared', message: 'a, b' }],
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

  it('by a kill that nobody gave is told to have wanted memory', async () => {
    await fake.becomes('kill -9 $$');
    const error = await failureOf(fake.engine.run(trainDraft(1)));
    expect(error.code).toBe('engine-died');
    expect(error.message).toMatch(/\(SIGKILL\).*want of memory.*--batch/s);
    // What has no batch is not told to make it smaller.
    const other = (await failureOf(fake.engine.run(encodeDraft(1)))).message;
    expect([other.includes('want of memory'), other.includes('--batch')]).toEqual([true, false]);
  });

  it('by a kill after it was asked to stop is not told to have wanted memory', async () => {
    await fake.becomes(': > "$dir/cancel"; kill -9 $$');
    const { message } = await failureOf(fake.engine.run(trainDraft(1)));
    expect(message).toMatch(/\(SIGKILL\)/);
    expect(message).not.toContain('memory');
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
    expect(error.message).toMatch(/^no room\. Free it\. The run: .+\.$/);
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

  it('is asked also where the request comes while the engine is being started', async () => {
    await fake.becomes(`sleep 2; ${succeeds}`);
    const stop = new AbortController();
    const run = fake.engine.run(encodeDraft(1), () => {}, stop.signal);
    await until(async () => existsSync(join(folderOf(encodeDraft(1)), 'job.json')));
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

it('so is one that has not told anything yet', async () => {
  await fake.becomes(`sleep 1; ${succeeds}`);
  const first = fake.engine.run(encodeDraft(1));
  await until(async () => (await fake.starts()) === 1);
  const second = await fake.engine.run(encodeDraft(1));
  expect(second.outcome).toEqual((await first).outcome);
  expect(await fake.starts()).toBe(1);
});

async function until(holds: () => Promise<unknown>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
