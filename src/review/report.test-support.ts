import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import type { ReportInput } from './schema.ts';

export const size = { width: 96, height: 64 };
const arms = ['base', 'scratch', 'adapter'];
export const takes = ['b1', 'b2'].flatMap((brief) =>
  arms.flatMap((arm) => [0, 1].map((n) => ({ brief, arm, n }))),
);
export const idOf = ({ brief, arm, n }: (typeof takes)[number]) => `tak_${brief}${arm}${n}`;

/** Every text in it is made up, and says so. */
export function testReport(video: string, thumbnail: string): ReportInput {
  const example = { reason: 'expired', shot: 'sht_1', title: 'Made-up <title>', timecode: '01:00:00:00' };
  const rate = { value: 0.5, low: 0.1, high: 0.9 };
  const point = { value: 0.5, low: 0.2, high: 0.8, predicted: false };
  return {
    ...{
      name: 'test',
      title: 'Made-up numbers for a test',
      workspace: '/made/up',
      madeAt: '2026-05-01T12:00:00Z',
    },
    ...{ seconds: 61, titles: 3, shots: 40, boundary: { f1: 0.99, dissolveRecall: 0.9 }, checker: null },
    rights: {
      cleared: 30,
      refused: { expired: 10 },
      examples: [{ ...example, message: 'ended', thumbnail }],
    },
    dataset: { id: 'dst_1', digest: 'd'.repeat(64), clips: 100, train: 80, heldout: 20 },
    arms: arms.map((name) => ({ name, trainSeconds: 60, briefs: 2, usable: rate, usableAt4: rate })),
    takes: takes.map((take) => ({
      ...{
        id: idOf(take),
        brief: take.brief,
        arm: take.arm,
        video,
        text: `made-up text of ${take.brief} , "quoted" & <b>`,
      },
      ...{
        verdict: take.arm === 'adapter' ? ('usable' as const) : ('not usable' as const),
        reasons: ['made up'],
      },
      signed: 'Trusted' as const,
    })),
    picture: { ...size, frames: 17, fps: 12 },
    forecast: {
      ...{ words: 'made up', verdict: 'cannot tell', measure: 'made up', threshold: 0.6 },
      points: [
        { clips: 10, ...point },
        { clips: 80, ...point, predicted: true },
      ],
    },
    ...{ cpuMinutesPerUsableSecond: 1.5, measured: [{ what: 'all', how: 'made up' }], notes: ['made up'] },
  };
}

export function* picture(): Generator<Buffer> {
  for (let frame = 0; frame < 17; frame++) yield Buffer.alloc(size.width * size.height * 3, frame * 12);
}

/** Rows of the report's takes, in a workspace that drew none. */
async function addTakes({ db }: Context, video: string): Promise<void> {
  const file = { rawPath: video, rawSha256: 'a', videoPath: video, videoSha256: 'b', runId: 'run_1' };
  const rows = takes.map((take) => ({
    ...{
      id: idOf(take),
      briefId: take.brief,
      brief: { id: take.brief, text: 'made up' },
      modelId: take.arm,
      candidate: take.n,
      seed: 1,
      ...file,
    },
  }));
  await db.insert(tables.generateTakes).values(rows);
}

/** What a report of them is written from: one video for all, in a folder whose name has a space and quotes. */
export async function reported(context: Context): Promise<ReportInput> {
  const masters = join(context.paths.root, 'made up "clips"');
  await mkdir(masters);
  const [video, thumbnail] = [join(masters, 'one.mp4'), join(masters, 'one.svg')];
  await encodeVideo({ path: video, ...size, fps: '12', frames: picture() });
  await writeFile(
    thumbnail,
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><rect width="3" height="2"/></svg>',
  );
  await addTakes(context, video);
  return testReport(video, thumbnail);
}
