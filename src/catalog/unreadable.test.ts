import { chmod, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { addFiles } from './index.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
let context: Context;
let close: () => Promise<void>;
const real = process.env.BACKLOT_FFMPEG;
beforeAll(async () => {
  ({ context, close } = await testContext({}));
  films = await filmFolder();
  await renderFilm(films.at('film.mp4'), 12);
});
afterAll(async () => {
  process.env.BACKLOT_FFMPEG = real;
  if (real === undefined) delete process.env.BACKLOT_FFMPEG;
  await close();
  await films.remove();
});

/** An ffmpeg that reads so many frames of a film before its disk fails, the first `times` that it is asked. */
async function failingDisk(frames: number, times: number): Promise<void> {
  const tool = films.at('ffmpeg');
  const lines = [
    '#!/bin/sh',
    'n=$(cat "$0.n" 2>/dev/null || echo 0)',
    'echo $((n + 1)) > "$0.n"',
    `[ "$n" -ge ${times} ] && exec "${real ?? 'ffmpeg'}" "$@"`,
    `"${real ?? 'ffmpeg'}" "$@" | head -n ${2 * frames}`,
    'echo "[error] file:film.mp4: Input/output error" >&2',
  ];
  await writeFile(tool, `${lines.join('\n')}\n`);
  await chmod(tool, 0o700);
  process.env.BACKLOT_FFMPEG = tool;
}

it('a film whose disk fails while it is decoded is not catalogued with the frames that came', async () => {
  await failingDisk(4, 1);
  const first = await addFiles(context, { paths: [films.at('film.mp4')] });
  expect(first.refused).toMatchObject([
    { code: 'unreadable', reason: expect.stringContaining('Input/output error') },
  ]);
  const { added } = await addFiles(context, { paths: [films.at('.')] });
  expect(added).toMatchObject([{ frames: 12, flags: ['unmapped'] }]);
});
