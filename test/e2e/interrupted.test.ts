import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf, backlot, type Place, place, start, startHanging, tinyFilm } from './command.ts';

let here: Place;
beforeAll(async () => {
  here = await place();
  for (const name of ['a.mp4', 'b slow.mp4', 'c.mp4']) await tinyFilm(here.at(name));
});
afterAll(() => here.remove());

interface Added {
  added: { file: string }[];
  known: { file: string }[];
  refused: unknown[];
}

it('a catalogue whose process is killed goes on where it was, and the dead process is no obstacle', async () => {
  const add = ['catalog', 'add', here.films, '--workspace', here.workspace, '--json'];
  const killed = await startHanging(add, join(here.films, '..'));
  await killed.reached;
  killed.child.kill('SIGKILL');
  expect((await killed.ended).stdout).toBe('');

  const ended = await backlot(...add);
  expect(ended).toMatchObject({ code: 0 });
  const answer = answerOf<Added>(ended);
  expect(answer.known.map(({ file }) => file)).toEqual([here.at('a.mp4')]);
  expect(answer.added.map(({ file }) => file)).toEqual([here.at('b slow.mp4'), here.at('c.mp4')]);
  expect(answer.refused).toEqual([]);

  const { jobs } = answerOf<{ jobs: { state: string; error: string | null }[] }>(
    await backlot('jobs', 'list', '--workspace', here.workspace, '--json'),
  );
  expect(jobs.map(({ state }) => state).sort()).toEqual(['done', 'failed']);
  expect(jobs.find(({ state }) => state === 'failed')?.error).toMatch(/^interrupted/);
});

it('an interrupted job is done when it is tried again, by a command that waits for it', async () => {
  const workspace = join(here.workspace, '..', 'third');
  const ask = (...args: string[]) => backlot(...args, '--workspace', workspace, '--json');
  const killed = await startHanging(
    ['catalog', 'add', here.films, '--workspace', workspace],
    join(here.films, '..'),
  );
  await killed.reached;
  killed.child.kill('SIGKILL');
  await killed.ended;

  const { jobs } = answerOf<{ jobs: { id: string; state: string }[] }>(await ask('jobs', 'list'));
  const [{ id } = { id: '' }] = jobs;
  const again = await ask('jobs', 'retry', id);
  expect(again.code).toBe(0);
  expect(answerOf<{ id: string; result: Added }>(again)).toMatchObject({
    id,
    result: { added: [{ file: here.at('b slow.mp4') }, { file: here.at('c.mp4') }] },
  });
  expect(answerOf(await ask('jobs', 'list'))).toMatchObject({ jobs: [{ id, state: 'done' }] });
});

it('a command whose work another process did goes on by itself when that process dies', async () => {
  const workspace = join(here.workspace, '..', 'fourth');
  const at = ['--workspace', workspace, '--json'];
  const holder = await startHanging(['catalog', 'add', here.films, ...at], join(here.films, '..'));
  await holder.reached;
  const asking = start(['catalog', 'add', here.at('c.mp4'), ...at]);
  const jobs = async () => answerOf<{ jobs: object[] }>(await backlot('jobs', 'list', ...at)).jobs;
  while ((await jobs()).length < 2) await sleep(100);
  holder.child.kill('SIGKILL');
  await holder.ended;
  const ended = await asking.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect((await backlot('catalog', 'list', ...at)).stdout).toContain('c.mp4');
});

it('ctrl-C ends a command with exit code 130, and the workspace is free again', async () => {
  const workspace = join(here.workspace, '..', 'second');
  const add = ['catalog', 'add', here.films, '--workspace', workspace, '--json'];
  const stopped = await startHanging(add, join(here.films, '..'));
  await stopped.reached;
  stopped.child.kill('SIGINT');
  expect(await stopped.ended).toMatchObject({ code: 130 });
  expect((await backlot('status', '--workspace', workspace, '--json')).code).toBe(0);
});
