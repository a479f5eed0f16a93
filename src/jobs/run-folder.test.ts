import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../contract/index.ts';
import { forgetKey, retireKey, rotateKey, signingKeyId } from '../trust/index.ts';
import { ends, type FakeEngine, failureOf, fakeEngine, plants, trainDraft } from './engine.test-support.ts';
import { draftToJob, type JobDraft } from './engine-process.ts';
import { engineVersion } from './hash.ts';

let fake: FakeEngine;
const engine = await engineVersion();

beforeEach(async () => {
  fake = await fakeEngine();
});
afterEach(() => fake.remove());

const succeeds = ends({ status: 'succeeded', result: { clips: 3 } });
const folderOf = (draft: JobDraft) => join(fake.runs, draftToJob(draft, engine).id);

describe('what somebody else has put into a run directory', () => {
  const model = { model: { path: 'adapter', sha256: 'c'.repeat(64) } };
  const forged = { status: 'succeeded', result: { clips: 99, ...model } };
  const plant = async (outcome: object) => {
    await mkdir(folderOf(trainDraft(1)), { recursive: true });
    await writeFile(join(folderOf(trainDraft(1)), 'outcome.json'), JSON.stringify(outcome));
  };
  const ran = async () => {
    const told: RunEvent[] = [];
    const { outcome, reused, id } = await fake.engine.run(trainDraft(1), (event) => told.push(event));
    const codes = told.map((event) => event.type === 'notice' && event.code);
    return { clips: outcome.result.clips, reused, id, codes };
  };

  it('as its outcome is set aside with a notice, and the run begins', async () => {
    await plant(forged);
    await fake.becomes(succeeds);
    const { id, ...run } = await ran();
    expect(run).toEqual({ clips: 3, reused: false, codes: ['mark-invalid'] });
    expect((await readdir(fake.runs)).sort()).toEqual([id, `${id}.attempt-1`]);
  });

  it('as an outcome that is none is set aside with a notice too', async () => {
    await mkdir(folderOf(trainDraft(1)), { recursive: true });
    await fake.becomes(succeeds);
    await writeFile(join(folderOf(trainDraft(1)), 'outcome.json'), '{"cut');
    expect(await ran()).toMatchObject({ clips: 3, reused: false, codes: ['outcome-invalid'] });
  });

  it('as a cancelled outcome leads to no checkpoint of theirs', async () => {
    await plant({ status: 'cancelled', resumeFrom: { path: '/theirs/step-000009', sha256: 'd'.repeat(64) } });
    await fake.becomes(succeeds);
    const { id } = await ran();
    expect(JSON.parse(await readFile(join(fake.runs, id, 'job.json'), 'utf8')).resumeFrom).toBeNull();
  });

  it('while the engine works is refused when it ends', async () => {
    await fake.becomes(plants(forged));
    expect((await failureOf(fake.engine.run(trainDraft(1)))).code).toBe('mark-invalid');
  });

  it('as a link to a file outside is not written through: nothing begins', async () => {
    const outside = join(fake.runs, '..', 'outside');
    await mkdir(folderOf(trainDraft(1)), { recursive: true });
    for (const name of ['log.txt', 'permit.json.tmp', 'outcome.json.0.tmp']) {
      await writeFile(outside, 'theirs');
      await symlink(outside, join(folderOf(trainDraft(1)), name));
      expect((await failureOf(fake.engine.run(trainDraft(1)))).code).toBe('run-folder-unsafe');
      expect(await readFile(outside, 'utf8')).toBe('theirs');
      await unlink(join(folderOf(trainDraft(1)), name));
    }
  });

  it('from another run, mark and all, is not this run', async () => {
    await fake.becomes(succeeds);
    const other = await fake.engine.run(trainDraft(2));
    await mkdir(folderOf(trainDraft(1)), { recursive: true });
    for (const name of ['outcome.json', 'outcome.mark.json', 'permit.json'])
      await writeFile(join(folderOf(trainDraft(1)), name), await readFile(join(other.directory, name)));
    expect(await ran()).toMatchObject({ reused: false, codes: ['mark-invalid'] });
  });

  it('in place of a file that the outcome names is found when the run is asked for again', async () => {
    const sha256 = createHash('sha256').update('takes').digest('hex');
    const takes = ends({ status: 'succeeded', result: { takes: { path: 'takes.jsonl', sha256 } } });
    await fake.becomes(`printf takes > "$dir/takes.jsonl"; ${takes}`);
    const { directory } = await fake.engine.run(trainDraft(1));
    await writeFile(join(directory, 'takes.jsonl'), 'other takes');
    expect(await ran()).toMatchObject({ reused: false, codes: ['artifact-exchanged'] });
  });

  it('is nothing where the key that signs permits has changed meanwhile: what the run marked stays good', async () => {
    await fake.becomes(succeeds);
    await fake.engine.run(trainDraft(1));
    await rotateKey();
    expect((await ran()).reused).toBe(true);
  });

  it('is done after its key was retired as well, and stays where it is: only from its checkpoints nothing goes on', async () => {
    await fake.becomes(succeeds);
    const { id } = await fake.engine.run(trainDraft(1));
    const key = await signingKeyId();
    await rotateKey();
    await retireKey(key);
    expect(await ran()).toMatchObject({ id, reused: true, codes: [] });
    await forgetKey(key);
    expect(await ran()).toMatchObject({ id, reused: false, codes: ['mark-invalid'] });
  });

  it('under a key that was retired, and was stopped, begins anew', async () => {
    const resumeFrom = {
      path: join(folderOf(trainDraft(1)), 'checkpoints/step-000002'),
      sha256: 'd'.repeat(64),
    };
    await fake.becomes(ends({ status: 'cancelled', resumeFrom }));
    await failureOf(fake.engine.run(trainDraft(1)));
    const key = await signingKeyId();
    await rotateKey();
    await fake.becomes(succeeds);
    await retireKey(key);
    expect(await ran()).toMatchObject({ reused: false, codes: ['mark-invalid'] });
    const job = await readFile(join(folderOf(trainDraft(1)), 'job.json'), 'utf8');
    expect(JSON.parse(job).resumeFrom).toBeNull();
  });
});
