import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { addFiles } from '../catalog/index.ts';
import type { Progress } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import { adoptCut } from './adopt.ts';
import { detailWidth } from './copies/detail.ts';
import { detailsIn } from './copies/details.ts';
import { detectFile } from './detect-file.ts';
import { detectShots } from './detect-shots.ts';
import { discardCut } from './discard.ts';
import { exportShots } from './exchange.ts';
import { dissolve, type Frames, shot } from './films.test-support.ts';
import { fileId, listFound } from './list.ts';
import { operations } from './operations.ts';
import { activePicture, listShots, listTransitions } from './store.ts';

const [width, height, bar] = [128, 96, 12];

/** Twice the detector's size, with black above and below. */
function letterboxed(frame: Uint8Array): Uint8Array {
  const out = new Uint8Array(3 * width * height);
  for (let y = bar; y < height - bar; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * ((y >> 1) - bar / 2) * 64 + 3 * (x >> 1);
      out.set(frame.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return out;
}

/** Cut at 30, dissolve over 60..69, 100 frames. */
function film(): Frames {
  const [b, c] = [shot(22, 40), shot(23, 40)];
  return [...shot(21, 30, 1), ...b.slice(0, 30), ...dissolve(b, c, 10), ...c.slice(10)].map(letterboxed);
}

let context: Context;
let close: () => Promise<void>;
let path: string;
const progress: Progress[] = [];

beforeAll(async () => {
  ({ context, close } = await testContext({ report: (p) => void progress.push(p) }));
  path = join(context.paths.root, 'reel "1".mp4');
  await encodeVideo({ path, width, height, fps: '24000/1001', frames: film(), crf: 12 });
}, 60_000);
afterAll(() => close());

describe('shots', () => {
  it('are found in a file without a workspace, at its rational rate', async () => {
    const found = await detectFile(path, { detector: 'fast', report: () => {} });
    expect(found).toEqual({
      file: path,
      frames: 100,
      fps: '24000/1001',
      shots: [
        { in: 0, out: 30 },
        { in: 30, out: 60 },
        { in: 70, out: 100 },
      ],
      transitions: [
        { start: 29, end: 30, type: 'cut', confidence: expect.any(Number) },
        { start: 60, end: 69, type: 'dissolve', confidence: expect.any(Number) },
      ],
      network: 0,
      pulldown: null,
    });
  });

  it('are kept for every catalogued file, with timecode, thumbnail, bars and measures', async () => {
    await addFiles(context, { paths: [path] });
    const detected = await detectShots(context, 'fast');
    expect(detected).toMatchObject({ known: 0, failed: [], files: [{ frames: 100, shots: 3 }] });
    const fileId = detected.files[0]?.id ?? '';
    const shots = await listShots(context.db, fileId);
    expect(shots.map((s) => [s.number, s.in, s.out, s.inTimecode, s.outTimecode])).toEqual([
      [1, 0, 30, '00:00:00:00', '00:00:01:06'],
      [2, 30, 60, '00:00:01:06', '00:00:02:12'],
      [3, 70, 100, '00:00:02:22', '00:00:04:04'],
    ]);
    expect(shots.map(({ id }) => id.replace(/_[0-9a-f]{12}_/, '_'))).toEqual([
      'sht_0001',
      'sht_0002',
      'sht_0003',
    ]);
    expect(await activePicture(context.db, fileId)).toEqual({
      x: 0,
      y: bar,
      width,
      height: height - 2 * bar,
    });
    for (const { thumbnail } of shots)
      expect(readFileSync(thumbnail ?? '').subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect(shots[0]?.facts.motion).toBeGreaterThan(1);
    expect(shots[1]?.facts.motion).toBeLessThan(1);
    const alone = await detectFile(path, { detector: 'fast', report: () => {} });
    expect(await listTransitions(context.db, fileId)).toEqual(
      alone.transitions.map((one) => ({ ...one, fileId })),
    );
    expect(progress.at(-1)).toMatchObject({ phase: 'shots', done: 100, total: 100, unit: 'frames' });
  });

  it('are seen in detail inside the bars, from thumbnails of the workspace alone', async () => {
    const [one] = await listShots(context.db);
    const id = one?.id ?? '';
    const picture = await (await detailsIn(context))(id);
    const [first, row] = [shot(21, 30, 1)[15] as Uint8Array, 48];
    const levels = [...(picture ?? []).slice(row * detailWidth, (row + 1) * detailWidth)];
    const there = levels.map((_, x) => {
      const at = 3 * (18 * 64 + Math.floor((x * 64) / detailWidth));
      return (
        0.2126 * (first[at] as number) +
        0.7152 * (first[at + 1] as number) +
        0.0722 * (first[at + 2] as number)
      );
    });
    expect(
      levels.reduce((sum, level, x) => sum + Math.abs(level - (there[x] as number)), 0) / detailWidth,
    ).toBeLessThan(12);
    const elsewhere = {
      ...context,
      paths: { ...context.paths, thumbnails: join(context.paths.root, 'elsewhere') },
    };
    expect(await (await detailsIn(elsewhere))(id)).toBeNull();
  });

  it('measures light and colour inside the bars', async () => {
    const [first] = await listShots(context.db);
    let sum = 0;
    for (const frame of shot(21, 30, 1)) for (let i = 0; i < frame.length; i += 3) sum += frame[i] as number;
    expect(first?.facts.colour[0]).toBeCloseTo(sum / (30 * 64 * 36), -1);
  });

  it('are not looked for again, and a file that fails is named with its reason', async () => {
    const before = statSync((await listShots(context.db))[0]?.thumbnail ?? '').mtimeMs;
    const second = join(context.paths.root, 'reel 2.mp4');
    await encodeVideo({ path: second, width, height, fps: '24/1', frames: film().slice(0, 20) });
    await addFiles(context, { paths: [second] });
    await writeFile(second, 'no longer a film');
    const again = await detectShots(context, 'fast');
    expect(again).toMatchObject({ known: 1, files: [], failed: [{ file: second }] });
    expect(again.failed[0]?.reason).not.toBe('');
    const list = operations.find(({ name }) => name === 'shots.list');
    const listed = await listFound(context.db, {});
    expect(listed.without).toMatchObject([{ path: second, reel: 1, reason: expect.stringMatching(/\S/) }]);
    expect(list?.show?.(listed as never)).toContain(`no shots, ${second}: ${listed.without[0]?.reason}`);
    const third = await detectShots(context, 'fast');
    expect(third.failed[0]?.reason).toMatch(/^.*so it was on [-0-9]{10}, and it has not changed/);
    expect(third.failed[0]?.code).toBe(again.failed[0]?.code);
    const asked = await detectShots(context, 'fast', true);
    expect(asked.failed[0]?.reason).not.toMatch('it has not changed');
    await writeFile(second, 'something else that is no film');
    expect((await detectShots(context, 'fast')).failed[0]?.reason).not.toMatch('it has not changed');
    await rm(second);
    expect(statSync((await listShots(context.db))[0]?.thumbnail ?? '').mtimeMs).toBe(before);
    expect(existsSync(path)).toBe(true);
  });

  it('are refused of a path where no file lies, with what to do', async () => {
    const missing = detectFile(join(context.paths.root, 'nowhere.mp4'), {
      detector: 'fast',
      report: () => {},
    });
    await expect(missing).rejects.toMatchObject({ code: 'no-such-file' });
  });

  it("are taken from an editor's cut where none were found, whole or not at all, and measured", async () => {
    const edl = join(context.paths.root, 'cut.edl');
    await exportShots(context, { file: path, to: edl });
    await expect(adoptCut(context, { cut: edl, file: path })).rejects.toMatchObject({ code: 'shots-known' });
    const second = join(context.paths.root, 'reel 3.mp4');
    await encodeVideo({ path: second, width, height, fps: '24000/1001', frames: film(), crf: 20 });
    await addFiles(context, { paths: [second] });
    const text = await readFile(edl, 'utf8');
    // The editor cuts the first shot in two; without the first event the film's beginning is in no clip.
    const [head = '', , ...events] = text.split(/^(?=\d{3} )/m);
    const rest = events.join('');
    const halves = ['00:00:00:00 00:00:00:12', '00:00:00:12 00:00:01:06'].map(
      (at) => `001  REEL     V     C        ${at} ${at}`,
    );
    await writeFile(edl, head + rest);
    await expect(adoptCut(context, { cut: edl, file: second })).rejects.toMatchObject({ code: 'cut-unfit' });
    await writeFile(edl, `${head}${halves.join('\n')}\n${rest}`);
    // The list says FROM FILE: reel "1".mp4, which is in the catalogue too.
    await expect(adoptCut(context, { cut: edl, file: second })).rejects.toMatchObject({
      code: 'cut-doubtful',
      message: expect.stringMatching(/reel "1".mp4/),
    });
    const adopted = await adoptCut(context, { cut: edl, file: second, anyway: true });
    expect(adopted).toMatchObject({ shots: 4, transitions: 1, placedBy: 'first-frame' });
    expect(adopted.notices.join()).toMatch(/reel "1".mp4/);
    const shots = await listShots(context.db, adopted.file);
    expect(shots.map((s) => [s.in, s.out])).toEqual([
      [0, 12],
      [12, 30],
      [30, 60],
      [70, 100],
    ]);
    expect(shots[0]?.facts.motion).toBeGreaterThan(1);
    expect(existsSync(shots[3]?.thumbnail ?? '')).toBe(true);
    expect((await actsIn(context.db)).map(({ what }) => what)).toContain('shots.adopt');
    expect(await detectShots(context, 'fast')).toMatchObject({ files: [] });
  });

  it("go back to unfound where an editor's cut was a mistake, as long as nothing rests on them", async () => {
    const second = join(context.paths.root, 'reel 3.mp4');
    await expect(discardCut(context, { file: path })).rejects.toMatchObject({ code: 'not-adopted' });
    const own = await listShots(context.db, await fileId(context.db, second));
    const said = {
      shotId: own[0]?.id ?? '',
      fileId: own[0]?.fileId ?? '',
      source: 'person',
      caption: 'A hero',
    };
    const { datasetCaptions } = tables;
    await context.db.insert(datasetCaptions).values({ ...said, who: 'me' });
    await expect(discardCut(context, { file: second })).rejects.toMatchObject({
      code: 'shots-in-use',
      message: expect.stringMatching(/1 captions/),
    });
    await context.db.delete(datasetCaptions);
    const { generateTakes } = tables;
    const brief = { references: [{ shot: own[0]?.id }] };
    const made = { rawPath: 'a.u8', rawSha256: 'a', videoPath: 'a.mp4', videoSha256: 'b' };
    const take = { id: 'tak_1', briefId: 'b', modelId: 'mdl_1', runId: 'run_1', candidate: 0, seed: 0 };
    await context.db.insert(generateTakes).values({ ...take, ...made, brief });
    await expect(discardCut(context, { file: second })).rejects.toThrow(/1 takes/);
    await context.db.delete(generateTakes);
    expect(await discardCut(context, { file: second })).toMatchObject({ shots: 4 });
    expect(existsSync(own[3]?.thumbnail ?? '')).toBe(false);
    expect((await actsIn(context.db)).map(({ what }) => what)).toContain('shots.discard');
    expect(await detectShots(context, 'fast')).toMatchObject({ files: [{ file: second, shots: 3 }] });
  });

  it('need a workspace only where no file is named', () => {
    const detect = operations.find(({ name }) => name === 'shots.detect');
    expect([detect?.needsWorkspace?.({ file: path }, ''), detect?.needsWorkspace?.({}, '')]).toEqual([
      false,
      true,
    ]);
  });
});
