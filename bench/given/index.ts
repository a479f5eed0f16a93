import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { type ClipShape, clipShape } from '../../src/generate/clip-shape.ts';
import { videoInput } from '../../src/generate/given-file.ts';
import { type Brief, briefSchema, generate } from '../../src/generate/index.ts';
import { type Context, localEngine, registerBase, SHIPPED_BASE } from '../../src/jobs/index.ts';
import { testContext } from '../../test/support/context.ts';
import { FOOTAGE } from '../footage.ts';
import { held, psnr, writeStretch } from './videos.ts';

/** Are given frames kept, and is what is drawn beside them better than a picture that stands still? */

const SEED = 1;
const STRENGTHS = [0, 0.3, 0.6, 0.9];
/** What a still picture can do is the peer of every way that draws what a film really went on with. */
const PEER = 'the nearest given frame, held';

/** A way of giving frames of a clip: which stretch of it, and which frames of the take must be those. */
interface Way {
  mode: 'first' | 'extend' | 'precede';
  stretch: readonly [number, number];
  drawn: readonly [number, number];
  nearest: number;
}

const WAYS: Way[] = [
  { mode: 'first', stretch: [0, 1], drawn: [1, 17], nearest: 0 },
  { mode: 'extend', stretch: [0, 5], drawn: [5, 17], nearest: 4 },
  { mode: 'precede', stretch: [9, 17], drawn: [0, 9], nearest: 9 },
];

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const films = join(FOOTAGE, 'catalog');
  const rows = existsSync(films)
    ? await measured(films, quick ? 2 : 6, report)
    : [{ what: 'skipped', value: `no footage at ${FOOTAGE}: name it in BACKLOT_FOOTAGE`, unit: '' }];
  return { bench: 'given', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
}

/** The base that ships, or another one to be measured. */
const BASE = process.env.BACKLOT_BENCH_BASE ?? SHIPPED_BASE;

async function measured(folder: string, most: number, report: Report) {
  const { context, close } = await testContext({ report });
  context.engine = localEngine(context.paths.runs);
  await mkdir(context.paths.takes, { recursive: true });
  const shape = await clipShape(BASE);
  const films = readdirSync(folder).filter((name) => !name.endsWith('.srt'));
  try {
    const clips: Buffer[] = [];
    for (const film of films.sort().slice(0, most)) {
      const { path } = await beginning(context, join(folder, film), shape);
      clips.push(readFileSync(path));
    }
    return [...(await wayRows(context, clips, shape)), ...(await restyleRows(context, clips, shape))];
  } finally {
    await close();
  }
}

const beginning = (context: Context, path: string, shape: ClipShape) =>
  videoInput(path, 'restyle', shape, context.paths.takes, context.signal);

async function wayRows(context: Context, clips: readonly Buffer[], shape: ClipShape) {
  const rows = [];
  for (const way of WAYS) {
    const briefs = await Promise.all(clips.map((clip, n) => wayBrief(context, clip, shape, way, n)));
    const takes = await drawn(context, briefs);
    const size = shape.width * shape.height * 3;
    const part = (of: Buffer, [from, to]: readonly [number, number]) => of.subarray(from * size, to * size);
    const kept = takes.map((take, n) => psnr(part(take, way.stretch), part(clips[n] as Buffer, way.stretch)));
    const went = takes.map((take, n) => psnr(part(take, way.drawn), part(clips[n] as Buffer, way.drawn)));
    const stood = clips.map((clip) => {
      const still = held(part(clip, [way.nearest, way.nearest + 1]), way.drawn[1] - way.drawn[0]);
      return psnr(still, part(clip, way.drawn));
    });
    rows.push(row(`${way.mode}: frames given, against the take's`, kept));
    rows.push(row(`${way.mode}: frames drawn, against how the film went on`, went));
    rows.push({ ...row(`${way.mode}: the same of a still`, stood), peer: PEER });
  }
  return rows;
}

async function wayBrief(context: Context, clip: Buffer, shape: ClipShape, way: Way, n: number) {
  const path = await writeStretch(clip, shape, way.stretch, context.paths.takes, `${way.mode}-${n}`);
  const given = way.mode === 'first' ? { first: path } : { video: path };
  return briefSchema.parse({ id: `${way.mode}-${n}`, text: '', mode: way.mode, ...given, candidates: 1 });
}

/** Strength 0 is the codec's own round trip: what no way of giving frames can surpass. */
async function restyleRows(context: Context, clips: readonly Buffer[], shape: ClipShape) {
  const rows = [];
  for (const strength of STRENGTHS) {
    const briefs = await Promise.all(
      clips.map(async (clip, n) => {
        const whole = [0, shape.frames] as const;
        const video = await writeStretch(clip, shape, whole, context.paths.takes, `whole-${n}`);
        const id = `restyle-${strength}-${n}`;
        return briefSchema.parse({ id, text: '', mode: 'restyle', video, strength, candidates: 1 });
      }),
    );
    const takes = await drawn(context, briefs);
    const values = takes.map((take, n) => psnr(take, clips[n] as Buffer));
    rows.push(row(`restyle with strength ${strength}, against the clip given`, values));
  }
  return rows;
}

async function drawn(context: Context, briefs: Brief[]): Promise<Buffer[]> {
  const model = await registerBase(context, BASE);
  const takes = await generate(context, { briefs, model: model.id });
  return takes.map(({ rawPath }) => readFileSync(rawPath));
}

const row = (what: string, values: readonly number[]) => ({
  what,
  value: values.reduce((sum, value) => sum + value, 0) / values.length,
  low: Math.min(...values),
  high: Math.max(...values),
  unit: 'dB, mean (least and most)',
  n: values.length,
});
