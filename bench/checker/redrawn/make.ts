// node bench/checker/redrawn/make.ts --out DIR
// Clips that teach a checker to read takes (ADR 0143): true ones, the same drawn again by an adapter, and some that show nobody. They lie in DIR/set.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ClipLine, Report } from '../../../src/contract/index.ts';
import { canonicalJson } from '../../../src/dataset/canonical.ts';
import { rngOf, shuffled } from '../../../src/sample/random.ts';
import { type ShardLine, writeManifest } from '../../../src/sample/shards.ts';
import { TITLES } from '../../../src/sample/titles.ts';
import { sealRendered } from '../../../src/trust/index.ts';
import { benchIn } from '../../lanes.ts';
import { readTruth, renderCheckerClips, type TruthRow } from '../clips.ts';
import { readLines } from '../takes.ts';
import { SEED, taughtModel } from './model.ts';
import { type Redrawn, redraw, type Wish } from './redraw.ts';

const TRUE_CLIPS = { clipsPerTitle: 100, worlds: 120, seed: SEED, heldout: 0.08 };
const REDRAWN_A_TITLE = 100;
/** Clips drawn again so far from themselves, by the base alone, that nobody of the title is left in them. */
const NOBODY_A_TITLE = 10;
/** By eye, two clips a title at .35, .5 and .65: up to here people are still there. Jumps fall apart early, by day places do, by night late. */
const LEAST = 0.2;
const MOST = { jumps: 0.42, night: 0.6, other: 0.5 };
const FAR = [0.85, 0.97] as const;
/** Below the strengths above as many steps as takes get, or more. */
const STEPS = { near: 4, far: 8 };

async function make(out: string, report: Report): Promise<void> {
  const bench = benchIn(out, report, 'redrawn');
  const model = await taughtModel(bench, out);
  const dir = join(out, 'set');
  await renderCheckerClips(dir, TRUE_CLIPS, report);
  const lines = readLines(dir);
  const rows = readTruth(dir);
  const near = await redraw(bench, model, dir, nearWishes(lines, rows), STEPS.near);
  const far = await redraw(bench, { ...model, adapters: [] }, dir, farWishes(lines), STEPS.far);
  const taken = [
    ...near.map((one) => keep(dir, one, rows.get(one.clip.id) as TruthRow)),
    ...far.map((one) => keep(dir, one, { ...(rows.get(one.clip.id) as TruthRow), characters: [] })),
  ];
  const own = lines.map((line) => shardLine(line, rows.get(line.id) as TruthRow));
  await sealRendered({ path: dir, digest: writeManifest(dir, [...own, ...taken]) });
}

function nearWishes(lines: readonly ClipLine[], rows: ReadonlyMap<string, TruthRow>): Wish[] {
  return someOfEach(lines, 'near', REDRAWN_A_TITLE).map((clip) => {
    const most = mostFor(rows.get(clip.id) as TruthRow);
    return { clip, strength: rngOf('near', clip.id).range(LEAST, most) };
  });
}

function mostFor({ action, time }: TruthRow): number {
  if (action === 'jumps') return MOST.jumps;
  return time === 'night' ? MOST.night : MOST.other;
}

const farWishes = (lines: readonly ClipLine[]): Wish[] =>
  someOfEach(lines, 'far', NOBODY_A_TITLE).map((clip) => ({
    clip,
    strength: rngOf('far', clip.id).range(...FAR),
  }));

/** So many clips of each title, by chance. */
function someOfEach(lines: readonly ClipLine[], why: string, count: number): ClipLine[] {
  return TITLES.flatMap(({ slug }) => {
    const own = lines.filter(({ title }) => title === slug);
    return shuffled(rngOf(why, slug, SEED), own).slice(0, count);
  });
}

/** Copies a redrawn clip into the snapshot; its line there. */
function keep(dir: string, { clip, take, path }: Redrawn, truth: TruthRow): ShardLine {
  mkdirSync(join(dir, 'redrawn'), { recursive: true });
  const shard = `redrawn/${take.sha256}.u8`;
  copyFileSync(path, join(dir, shard));
  return shardLine({ ...clip, id: take.sha256, shard, offset: 0 }, truth);
}

const shardLine = (line: ClipLine, truth: TruthRow): ShardLine => ({
  id: line.id,
  manifest: canonicalJson(line),
  truth: JSON.stringify({ ...truth, id: line.id }),
});

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) throw new Error('expected --out DIR');
let told = 0;
await make(values.out, ({ phase, done, total }) => {
  if (performance.now() - told < 10_000) return;
  told = performance.now();
  process.stderr.write(`${phase} ${done}/${total}\n`);
});
