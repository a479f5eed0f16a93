import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Report, type TakeLine, trainingSchema } from '../../src/contract/index.ts';
import { baseInput, learn } from '../../src/jobs/index.ts';
import { readTakes } from '../../src/review/index.ts';
import { benchIn } from '../lanes.ts';
import { shippedReader } from '../reader/shipped.ts';
import { studioSnapshot } from '../studio.ts';
import { type Bench, drawTakes, type Model } from '../takes.ts';
import { type WorldBrief, worldBriefs } from './briefs.ts';
import { lostRow, type Read, rowsOf } from './rows.ts';
import { drawChosen } from './sheet.ts';

/** 31 and 99 were looked at before (docs/LOG.md). */
const SEED = 57;
const SHEET = fileURLToPath(new URL('sheet.png', import.meta.url));
const SHOWN = 20;
/** What the targets count are unseen combinations; those of neither kind stand beside them. */
const BRIEFS = { look: 96, scene: 96, none: 48 };
const FEW = { look: 2, scene: 2, none: 2 };
/** The first of each are drawn again with the adapter loaded. */
const LOADED = { look: 32, scene: 32, none: 16 };
/** The adapter that may make the base forget: a title, clips and steps as in `bench/adaptation`. */
const TITLE = 'sugar-mountain';
const CLIPS = 40;
const ADAPTER_SEED = 21;
const STEPS = 180;
/** Briefs drawn once more after the adapter is gone. */
const AGAIN = 16;

/**
 * Does the base show what a brief in its own words asks, where no training clip put these words together? And does it
 * still with a title's adapter loaded, and again, byte for byte, once that is removed? Runs stay in one folder until the
 * table is whole, so that a run stopped half way goes on where it stopped.
 */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  process.env.BACKLOT_THREADS = '1';
  const dir = join(tmpdir(), `backlot-bench-base${quick ? '-quick' : ''}`);
  mkdirSync(dir, { recursive: true });
  const briefs = worldBriefs(quick ? FEW : BRIEFS, SEED);
  const bench = benchIn(dir, report, 'base');
  const loaded = worldBriefs(quick ? FEW : LOADED, SEED);
  const drawn = await drawArms(dir, report, briefs, loaded);
  const rows = await tableOf(bench, briefs, loaded, drawn);
  if (!quick) drawChosen([SHEET], drawn.alone, briefs, SHOWN);
  rmSync(dir, { recursive: true, force: true });
  return { bench: 'base', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
}

/** Paths of the takes of the base alone, with the adapter loaded, and alone again. */
interface Drawn {
  alone: string;
  loaded: string;
  removed: string;
}

async function drawArms(
  dir: string,
  report: Report,
  briefs: readonly WorldBrief[],
  again: readonly WorldBrief[],
): Promise<Drawn> {
  const base = await baseInput();
  const bare: Model = { base, adapters: [] };
  const alone = await drawTakes(benchIn(dir, report, 'base'), bare, briefs);
  const adapter = await trained(dir, benchIn(dir, report, 'adapter'), base);
  const with40 = { base, adapters: [{ ...adapter, weight: 1 }] };
  const loaded = await drawTakes(benchIn(dir, report, 'adapter loaded'), with40, again);
  // A folder of its own: in the same one the first run would be handed back.
  const some = again.slice(0, AGAIN);
  const removed = await drawTakes(benchIn(join(dir, 'again'), report, 'adapter removed'), bare, some);
  return { alone, loaded, removed };
}

async function trained(dir: string, bench: Bench, base: Model['base']) {
  const dataset = await studioSnapshot(join(dir, 'clips'), [TITLE], CLIPS, ADAPTER_SEED);
  const training = trainingSchema.parse({ method: 'lora', seed: ADAPTER_SEED, steps: STEPS });
  const { directory, outcome } = await learn(bench, { dataset, base, training, subset: null, captions: [] });
  const { path, sha256 } = outcome.result.model as { path: string; sha256: string };
  return { path: join(directory, path), sha256 };
}

async function tableOf(
  bench: Bench,
  briefs: readonly WorldBrief[],
  again: readonly WorldBrief[],
  { alone, loaded, removed }: Drawn,
) {
  const reader = await shippedReader();
  const read = async (path: string, asked: readonly WorldBrief[]): Promise<Read[]> => {
    const { lines } = await readTakes(bench, path, reader, null);
    return asked.map((brief) => ({
      brief,
      takes: [...lines].filter(([id]) => id.startsWith(`${brief.id}-`)).map(([, line]) => line),
    }));
  };
  const [before, after] = [await read(alone, briefs), await read(loaded, again)];
  const ids = new Set(again.map(({ id }) => id));
  const same = before.filter(({ brief }) => ids.has(brief.id));
  return [
    { what: 'reader sha256', value: reader.sha256, unit: '' },
    ...rowsOf('base', before, SEED),
    ...rowsOf(`${TITLE}'s adapter loaded`, after, SEED),
    lostRow('lost with the adapter loaded, all words right', same, after, SEED),
    sameRow(alone, removed),
  ];
}

/** The share of takes that are the same bytes before the adapter was loaded and after it was removed. */
function sameRow(before: string, after: string) {
  const hashes = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as TakeLine)
      .map(({ id, sha256 }) => `${id} ${sha256}`);
  const known = new Set(hashes(before));
  const again = hashes(after);
  const same = again.filter((hash) => known.has(hash)).length;
  return {
    what: 'adapter removed: takes of the same bytes',
    value: same / again.length,
    unit: 'share',
    n: again.length,
  };
}
