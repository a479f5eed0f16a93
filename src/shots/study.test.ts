import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { addFiles } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import { detectShots } from './detect-shots.ts';
import { shot } from './films.test-support.ts';
import { speechIn, speechStudy } from './hear-speech.ts';
import { listFound } from './list.ts';
import { purgePictures } from './purge.ts';
import { type Study, study } from './study.ts';
import { type ReadLine, textFacts } from './text-facts.ts';

const line = (text: string, confidence = 0.95): ReadLine => ({ text, confidence, box: [0.1, 0.8, 0.6, 0.9] });

describe('the text of a shot', () => {
  it('is what was surely read, the same words once, with how many frames show them', () => {
    const found = textFacts([
      [line('WORKPRINT', 0.9)],
      [line('Workprint', 0.99), line('a', 1)],
      [line('leaves', 0.6)],
    ]);
    expect(found).toMatchObject({ frames: 3, share: 0.667, names: [] });
    expect(found.lines).toEqual([{ ...line('Workprint', 0.99), frames: 2 }]);
    expect(found.covered).toBeCloseTo((2 * 0.05) / 3, 3);
  });

  it('proposes the name of a line that says what somebody did, also where it stands alone', () => {
    const box: [number, number, number, number] = [0, 0, 0.5, 0.1];
    const namesIn = (text: string) => textFacts([[{ text, confidence: 0.95, box }]]).names;
    expect(['Directed by Anna Example', 'MUSIC BY ANN-MARIE O’NEIL'].flatMap(namesIn)).toEqual([
      'Anna Example',
      'ANN-MARIE O’NEIL',
    ]);
    expect(['Closed by Order', 'Stand by Your Man', 'Written by hand'].flatMap(namesIn)).toEqual([]);
  });

  it('proposes as names what looks like one in credits, and nothing of a single line', () => {
    const credits = ['directed by', 'Ann-Marie O’Neil', 'J. R. BROWN', 'Reel 2', 'The end'].map((text) =>
      line(text),
    );
    expect(textFacts([credits]).names).toEqual(['Ann-Marie O’Neil', 'J. R. BROWN']);
    expect(textFacts([[line('Ann Lee')], []]).names).toEqual([]);
  });

  it('is none where nothing was read', () => {
    expect(textFacts([[], []])).toEqual({ frames: 2, share: 0, covered: 0, lines: [], names: [] });
  });
});

it('speech is the part of a shot whose sound has it', () => {
  const second = 16_000 / 512;
  const likely = Float32Array.from({ length: 4 * second }, (_, i) =>
    i >= second && i < 2 * second ? 0.9 : 0.1,
  );
  expect(speechIn(likely, [0, 1])).toBeLessThan(0.04);
  expect(speechIn(likely, [1, 2])).toBeGreaterThan(0.96);
  expect(speechIn(likely, [0, 4])).toBeCloseTo(0.25, 1);
  expect(speechIn(likely, [9, 10])).toBe(0);
});

describe('looking at more of the shots', () => {
  let context: Context;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ context, close } = await testContext({}));
    const path = join(context.paths.root, 'film.mp4');
    await encodeVideo({ path, width: 64, height: 36, fps: '24/1', frames: shot(30, 30, 1) });
    await addFiles(context, { paths: [path] });
    await detectShots(context, 'fast');
  }, 60_000);
  afterAll(() => close());

  it('reports what fails, tries it again, and keeps what is done', async () => {
    let broken = true;
    const text: Study = {
      fact: 'text',
      isFound: () => true,
      look: async (_, _file, shots) => {
        if (broken) throw new Error('torn');
        return shots.map(() => ({ text: textFacts([[line('SIGN')]]) }));
      },
    };
    const first = await study(context, {}, text);
    expect(first).toMatchObject({
      files: [],
      failed: [{ code: 'failed', reason: 'torn' }],
    });
    broken = false;
    expect(await study(context, {}, text)).toMatchObject({ files: [{ found: 1 }], failed: [] });
    expect((await study(context, {}, text)).known).toBe(1);
    expect((await listFound(context.db, { text: 'with' })).shots.length).toBe(1);
    expect((await listFound(context.db, { text: 'without' })).shots).toEqual([]);
  });

  it('forgets the words of withdrawn shots, and that there are some not', async () => {
    const { shots } = await listFound(context.db, { text: 'with' });
    await purgePictures(
      context,
      shots.map(({ id }) => id),
    );
    const [after] = (await listFound(context.db, { text: 'with' })).shots;
    expect(after?.facts.text).toMatchObject({ share: 1, lines: [], names: [] });
    expect(JSON.stringify(after)).not.toContain('SIGN');
  });

  it('claims nothing of speech in films without sound', async () => {
    const { silent, files } = await study(context, {}, speechStudy);
    expect([silent.length, files.length]).toEqual([1, 0]);
    const { shots } = await listFound(context.db, {});
    expect(shots.map(({ facts }) => facts.speech)).toEqual([null]);
    expect((await listFound(context.db, { speech: 'without' })).shots).toEqual([]);
    expect((await study(context, {}, speechStudy)).known).toBe(1);
  });
});
