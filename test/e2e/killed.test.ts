import { mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '../../src/run/index.ts';
import { renderStudio, type Studio } from '../../src/sample/index.ts';
import { answerOf, backlot, type Place, place, start, withoutNetwork } from './command.ts';

/** What the main job says it is at when it is killed, stage by stage; checks and the report take less than a moment. */
const MOMENTS = [
  'catalog',
  'shots',
  'rights',
  'cut clips',
  'forecast',
  'adapter: train',
  'adapter: takes',
  'sign',
];

/** Without a network where the machine allows that: nothing of the main job needs one. */
const offline = withoutNetwork() ?? [];

let here: Place;
let studio: Studio;
/** What the main job made in the end. */
let made: RunResult | undefined;
beforeAll(async () => {
  here = await place();
  await mkdir(here.films, { recursive: true });
  studio = await renderStudio({ dir: here.films, seed: 3, size: 'tiny', shotsPerTitle: 12 });
});
afterAll(() => here.remove());

const command = () => [
  'run',
  here.films,
  ...['--rights', studio.ledgerPath, '--seconds', '2', '--briefs', '4'],
  ...['--workspace', here.workspace, '--json'],
];

/** Runs the main job until it says that it is at `moment`, then kills it with SIGKILL. */
async function killAt(moment: string): Promise<boolean> {
  const running = start(command(), {}, offline);
  const reached = () => running.said().includes(`\n${moment}`) || running.said().startsWith(moment);
  while (!reached() && running.child.exitCode === null) await sleep(10);
  const alive = running.child.exitCode === null;
  running.child.kill('SIGKILL');
  await running.ended;
  return alive;
}

it('the main job is killed in each stage and goes on, and ends as if nothing had happened', async () => {
  const killed = [];
  for (const moment of MOMENTS) if (await killAt(moment)) killed.push(moment);
  expect(killed).toEqual(MOMENTS);

  const ended = await start(command(), {}, offline).ended;
  expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
  const result = answerOf<RunResult>(ended);
  made = result;
  expect(result.titles).toBe(2);
  expect(result.arms.map(({ name }) => name)).toEqual(['base', 'adapter', 'scratch']);
  expect(result.arms.map(({ leftOut }) => leftOut)).toEqual([null, null, null]);
  expect(result.takes.length).toBe(3 * 4 * 4);
  expect(result.takes.every(({ signed }) => signed)).toBe(true);

  const { jobs } = answerOf<{ jobs: { state: string }[] }>(
    await backlot('jobs', 'list', '--workspace', here.workspace, '--json'),
  );
  expect(jobs.map(({ state }) => state).sort()).toEqual(['done', ...MOMENTS.map(() => 'failed')]);
  const proof = await backlot(
    'provenance',
    'verify',
    result.takes[0]?.path ?? '',
    '--workspace',
    here.workspace,
    '--json',
  );
  expect(proof.code).toBe(0);
});

it('asked again, it makes nothing anew, says so, and shows the seconds of the work itself', async () => {
  const began = made as RunResult;
  const again = answerOf<RunResult>(await backlot(...command()));
  const stable = ({ reused: _, ...rest }: RunResult) => rest;
  expect(stable(again)).toEqual(stable(began));
  expect(again.seconds).toBeGreaterThan(again.reused?.seconds ?? Number.POSITIVE_INFINITY);
  expect(await readFile(again.report ?? '', 'utf8')).toContain('nothing was made anew');
});
