import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { addFiles, type CatalogFile, listFiles } from '../catalog/index.ts';
import { wordsOf } from '../dataset/film-words.ts';
import { clockOf } from '../dataset/films.ts';
import { tables } from '../db/index.ts';
import { runFfmpeg } from '../media/index.ts';
import { adoptCut } from './adopt.ts';
import { detectFile } from './detect-file.ts';
import { detectShots } from './detect-shots.ts';
import { compareCut, exportShots } from './exchange.ts';
import { listShots, passMarks } from './store.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
let film: CatalogFile;
const at = (name: string) => join(workspace.context.paths.root, 'films', name);

/** Two shots of two seconds at 24, of which most of the first second and a half is left out: 16 frames and then 48. */
beforeAll(async () => {
  workspace = await testContext();
  await mkdir(at('.'));
  const pictures = 'smptebars=s=64x48:r=24:d=2[a];rgbtestsrc=s=64x48:r=24:d=2[b];[a][b]concat=n=2';
  const kept = `${pictures},select='not(between(n,8,39))',format=yuv420p`;
  const input = [
    '-v',
    'error',
    '-filter_complex',
    kept,
    '-fps_mode',
    'passthrough',
    '-c:v',
    'libx264',
    '-qp',
    '0',
  ];
  await runFfmpeg([...input, '-metadata:s:v', 'timecode=01:00:00:00', `file:${at('gaps.mkv')}`]);
  await addFiles(workspace.context, { paths: [at('gaps.mkv')] });
  film = (await listFiles(workspace.context.db))[0] as CatalogFile;
  await detectShots(workspace.context, 'fast');
}, 60_000);
afterAll(() => workspace.close());

describe('a film whose frames are of different length', () => {
  it('has labels by when its frames show, not by how many came before', async () => {
    expect(film).toMatchObject({ frames: 64, fps: '24/1' });
    expect(film.facts).toMatchObject({ variableRate: true, timeGaps: 1, startTimecode: '01:00:00:00' });
    const shots = await listShots(workspace.context.db, film.id);
    const labels = shots.map((shot) => [shot.in, shot.inTimecode, shot.out, shot.outTimecode]);
    // 16 frames at 24 would end at two thirds of a second: a second and a third is missing.
    expect(labels).toEqual([
      [0, '01:00:00:00', 16, '01:00:02:00'],
      [16, '01:00:02:00', 64, '01:00:04:00'],
    ]);
  });

  it('has the shots and the rate without a catalogue that it has in one, whatever its container declares', async () => {
    await runFfmpeg(['-v', 'error', '-i', at('gaps.mkv'), '-c', 'copy', at('gaps.mp4')]);
    const spans = (await listShots(workspace.context.db, film.id)).map((shot) => ({
      in: shot.in,
      out: shot.out,
    }));
    for (const name of ['gaps.mkv', 'gaps.mp4']) {
      const { fps, shots } = await detectFile(at(name), { detector: 'fast', report: () => {} });
      expect({ fps, shots }).toEqual({ fps: film.fps, shots: spans });
    }
  });

  it('whose shots an earlier version labelled is labelled anew by shots detect, and what was made of them is made anew', async () => {
    const { db } = workspace.context;
    const before = [await listShots(db, film.id), await passMarks(db)];
    await db.update(tables.shotsShots).set({ outTimecode: '01:00:01:00' });
    expect(await detectShots(workspace.context, 'fast')).toMatchObject({ known: 1, failed: [] });
    expect(await listShots(db, film.id)).toEqual(before[0]);
    const after = await passMarks(db);
    expect(after).not.toEqual(before[1]);
    await detectShots(workspace.context, 'fast');
    expect(await passMarks(db)).toEqual(after);
  });

  it('is described by a shot list at the frames that show at its times', async () => {
    const rows = ['in,out,description', '01:00:02:00,01:00:04:00,later', '00:00:00.000,00:00:02.000,first'];
    await writeFile(at('gaps.csv'), rows.join('\n'));
    const clock = await clockOf(workspace.context, film);
    const { words } = await wordsOf(clock, [{ kind: 'csv', path: at('gaps.csv') }]);
    expect(words.shotList.map((note) => [note.text, note.in, note.out])).toEqual([
      ['later', 16, 64],
      ['first', 0, 16],
    ]);
  });

  it('is not exchanged as a cut, neither written, nor compared, nor adopted', async () => {
    const refused = { code: 'variable-rate', facts: { where: film.path } };
    const { context } = workspace;
    await expect(exportShots(context, { file: film.id, to: at('cut.otio') })).rejects.toMatchObject(refused);
    await writeFile(at('cut.edl'), 'TITLE: x\n001  AX V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n');
    const cut = { cut: at('cut.edl'), file: film.id };
    await expect(compareCut(context, cut)).rejects.toMatchObject(refused);
    await expect(adoptCut(context, cut)).rejects.toMatchObject(refused);
  });
});
