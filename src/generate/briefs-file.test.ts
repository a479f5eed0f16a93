import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { modeSchema } from '../contract/index.ts';
import { briefsHelp, briefsIn } from './briefs-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-briefs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(briefs: object[]) {
  const path = join(folder, 'briefs.json');
  await writeFile(path, JSON.stringify(briefs));
  return briefsIn(path);
}

it('--help shows a brief of every mode, and each is one that is accepted', async () => {
  const lines = briefsHelp()
    .split('\n')
    .filter((line) => line.startsWith('  {'));
  const briefs = await read(lines.map((line) => JSON.parse(line)));
  expect(briefs.map(({ mode }) => mode)).toEqual(modeSchema.options);
});

it('paths in a file of briefs start from its folder, wherever the command is given', async () => {
  const [brief] = await read([{ id: 'a', text: '', mode: 'first', first: 'stills/fox.png' }]);
  expect(brief?.first).toBe(join(folder, 'stills/fox.png'));
});

it.each([
  [{ mode: 'first' }, 'first', 'needs `first`'],
  [{ mode: 'first-last', first: 'a.png' }, 'last', 'needs `last`'],
  [{ mode: 'extend', first: 'a.png' }, 'video', 'needs `video`'],
  [{ mode: 'restyle', video: 'a.mp4' }, 'strength', 'needs `strength`'],
  [{ first: 'a.png' }, 'first', 'takes nothing but words'],
  [{ adapters: [{ id: 'mdl_a' }, { id: 'mdl_a', weight: 2 }] }, 'adapters.1.id', 'mdl_a is named twice'],
  [{ mode: 'extend', video: 'a.mp4', strength: 0.5 }, 'strength', 'takes video'],
  [{ mode: 'restyle', video: 'a.mp4', strength: 1.5 }, 'strength', '<=1'],
])('a brief that gives %j is refused at %s: %s', async (given, place, says) => {
  const refusal = await read([{ id: 'a', text: '', ...given }]).catch((error) => error);
  expect(refusal).toMatchObject({ code: 'bad-briefs' });
  expect(refusal.facts.found).toContain(`0.${place}: `);
  expect(refusal.facts.found).toContain(says);
});
