import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runFfmpeg } from '../../src/media/index.ts';
import { answerOf, backlot, type Place, place, type Started, start } from './command.ts';

/** Shots of two seconds: each gives a clip, and enough scenes to hold one out. */
const SOURCES = [
  'testsrc2',
  'rgbtestsrc',
  'smptebars',
  'mandelbrot',
  'life=ratio=.3:mold=9',
  'cellauto',
  'yuvtestsrc',
];
/** More steps than any machine makes while the test looks. */
const ENDLESS = ['--steps', '100000', '--batch', '2'];

let here: Place;
let dataset: string;
beforeAll(async () => {
  here = await place();
  await manyShots(here.at('a.mp4'));
  await writeFile(here.at('ledger.json'), JSON.stringify(ledger));
  for (const step of [
    ['catalog', 'add', here.at('a.mp4')],
    ['shots', 'detect'],
    ['rights', 'import', here.at('ledger.json')],
  ])
    expect(await ask(...step)).toMatchObject({ code: 0 });
  dataset = answerOf<{ id: string }>(await ask('dataset', 'freeze')).id;
}, 300_000);
afterAll(() => here.remove());

const ask = (...args: string[]) => backlot(...args, '--workspace', here.workspace, '--json');

const ledger = {
  version: 1,
  parties: [{ id: 'studio', kind: 'org', name: 'The Studio' }],
  titles: [{ id: 'a', name: 'a', files: ['a.mp4'], shares: [{ party: 'studio', share: '100%' }] }],
  grants: [{ id: 'g', grantor: 'studio', titles: ['a'], uses: ['train.style'], territories: ['world'] }],
};

async function manyShots(path: string): Promise<void> {
  const inputs = SOURCES.flatMap((source) => ['-f', 'lavfi', '-t', '2', '-i', sized(source)]);
  const same = SOURCES.map((_, n) => `[${n}:v]format=yuv420p,setsar=1[v${n}]`).join(';');
  const joined = `${same};${SOURCES.map((_, n) => `[v${n}]`).join('')}concat=n=${SOURCES.length}`;
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-y', `file:${path}`];
  await runFfmpeg(['-v', 'error', ...inputs, '-filter_complex', joined, ...coded]);
}

const sized = (source: string): string => `${source}${source.includes('=') ? ':' : '='}s=96x64:r=24`;

interface Job {
  id: string;
  operation: string;
  state: string;
  progress: { phase: string; done: number } | null;
}

/** Asks the process that trains how far it is, until it is at its steps; it must have the workspace first. */
async function trainingJob({ child, said }: Started): Promise<Job | undefined> {
  const over = () => child.exitCode !== null;
  while (said() === '' && !over()) await sleep(50);
  for (;;) {
    const { jobs } = answerOf<{ jobs: Job[] }>(await ask('status'));
    const [job] = jobs;
    if (over() || (job?.progress?.phase === 'train' && job.progress.done > 0)) return job;
    await sleep(200);
  }
}

/** Ids of the runs that train: a preflight before each has one of its own. */
async function trainings(): Promise<string[]> {
  const runs = join(here.workspace, 'runs');
  const trains = async (name: string) => {
    const path = join(runs, name, 'job.json');
    return existsSync(path) && JSON.parse(await readFile(path, 'utf8')).kind === 'train';
  };
  const names = await readdir(runs);
  const kept = await Promise.all(names.map(trains));
  return names.filter((_, i) => kept[i]);
}

it('training is watched and cancelled from another process, leaves a checkpoint, and goes on from it', async () => {
  const train = ['train', '--dataset', dataset, ...ENDLESS, '--workspace', here.workspace, '--json'];
  const training = start(train);
  const job = await trainingJob(training);
  expect(job, training.said()).toMatchObject({ operation: 'train', state: 'working' });
  expect((await ask('jobs', 'cancel', job?.id ?? '')).code).toBe(0);
  const ended = await training.ended;
  expect({ code: ended.code, answer: answerOf(ended) }).toMatchObject({
    code: 130,
    answer: { error: { code: 'cancelled' } },
  });
  const [run = ''] = await trainings();
  expect(await readdir(join(here.workspace, 'runs', run, 'checkpoints'))).toHaveLength(1);

  const again = start(['jobs', 'retry', job?.id ?? '', '--workspace', here.workspace, '--json']);
  const retried = await trainingJob(again);
  expect(retried, again.said()).toMatchObject({ id: job?.id, state: 'working' });
  expect(await trainings()).toHaveLength(2);
  again.child.kill('SIGINT');
  expect((await again.ended).code).toBe(130);
});

it('an adapter that is exported and imported is the one that it was, in both styles, and after a withdrawal it is refused', async () => {
  const few = ['--steps', '2', '--batch', '2', '--prior', '0'];
  const { id } = answerOf<{ id: string }>(await ask('train', '--dataset', dataset, ...few));
  const files: string[] = [];
  for (const style of ['diffusers', 'comfyui']) {
    const left = await ask('adapter', 'export', id, '--to', here.at(style), '--style', style);
    const { file } = answerOf<{ files: [{ file: string }] }>(left).files[0];
    files.push(file);
    const back = answerOf<{ id: string; snapshotId: string }>(await ask('adapter', 'import', file));
    expect(back).toMatchObject({ id, snapshotId: dataset });
  }
  expect(await ask('rights', 'revoke', '--title', 'a')).toMatchObject({ code: 0 });
  for (const file of files)
    expect(answerOf(await ask('adapter', 'import', file))).toMatchObject({ error: { code: 'blocked' } });
});
