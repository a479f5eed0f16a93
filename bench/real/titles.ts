import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, rangeOf } from '../../src/assess/curve.ts';
import {
  type CheckLine,
  type DatasetInput,
  type JobInput,
  trainingSchema,
} from '../../src/contract/index.ts';
import { freeze, type Snapshot } from '../../src/dataset/index.ts';
import { type Context, keepModel, learn } from '../../src/jobs/index.ts';
import { readTakes, wilson } from '../../src/review/index.ts';
import { importLedger } from '../../src/rights/index.ts';
import { rngOf, shuffled } from '../../src/sample/random.ts';
import { readLines, readPixels, writeTakes } from '../checker/takes.ts';
import { drawSheet, takeLines } from '../sheet.ts';
import { drawTakes, theChecker } from '../takes.ts';
import { titleReader } from './title-reader.ts';

/**
 * Does an adapter of one film make takes that look like that film? A reader taught by real clips, whole scenes held out,
 * names the title of takes from words alone; motion and sharpness are laid beside those of held-out clips.
 */

const SEED = 1;
/** Of each title, from captions of its held-out scenes. */
const BRIEFS = 4;
const CANDIDATES = 4;
/** Takes of each title on the sheet. */
const SHOWN = 2;
const SHEET = fileURLToPath(new URL('titles.png', import.meta.url));

interface Seen {
  title: string;
  brief: string;
  text: string;
  pixels: Buffer;
  check: CheckLine;
  /** Whether the reader names its title. */
  named: boolean;
}

/** @param all a snapshot of all titles, which teaches the reader; each title's adapter learns from one of its own */
export async function titleRows(
  context: Context,
  all: Snapshot,
  base: JobInput,
  ledger: string,
  steps: number,
) {
  const clips = readLines(all.path).map((line) => ({ ...line, pixels: readPixels(all.path, line) }));
  const read = titleReader(clips.filter(({ split }) => split === 'train'));
  const heldout = clips.filter(({ split }) => split === 'heldout');
  const checked = await checksOf(context, heldout, all.path);
  const takes: Seen[] = [];
  for (const { id, name } of all.titles) {
    const snapshot = await snapshotOf(context, ledger, name);
    const own = await takesOf(context, base, snapshot, id, steps);
    takes.push(...own.map((take) => ({ ...take, named: read(take.pixels) === id })));
  }
  drawTitles(takes);
  return [
    shareRow('real held-out clips whose title is named', heldout, (one) => read(one.pixels) === one.title),
    ...namedRows(takes),
    ...insideRows('sharpness', takes, checked),
    ...insideRows('motion', takes, checked),
  ];
}

/** A snapshot of one title: what a ledger without the other titles' grants clears. */
async function snapshotOf(context: Context, ledger: string, title: string): Promise<Snapshot> {
  const text = readFileSync(ledger, 'utf8');
  const id = new RegExp(`- id: (\\S+)\\n {4}name: ${title}\\n`).exec(text)?.[1];
  const grants = text
    .split('\n')
    .filter((line) => !line.startsWith('  - { id: grant-') || line.includes(`[${id}]`));
  const own = join(context.paths.root, `${id}.yaml`);
  writeFileSync(own, grants.join('\n'));
  await importLedger(context, own);
  return freeze(context, { use: 'train.style' });
}

/** Takes of a title's own adapter, from the words of its held-out scenes alone. */
async function takesOf(
  context: Context,
  base: JobInput,
  snapshot: Snapshot,
  title: string,
  steps: number,
): Promise<Omit<Seen, 'named'>[]> {
  const training = trainingSchema.parse({ steps, seed: SEED });
  const dataset: DatasetInput = { path: snapshot.path, digest: snapshot.digest };
  const run = await learn(context, { dataset, base, training, subset: null, captions: [] });
  const { path, sha256 } = run.outcome.result.model as { path: string; sha256: string };
  const adapter = { path: join(run.directory, path), sha256 };
  const learned = { baseId: null, snapshotId: snapshot.id, runId: run.id, record: {} };
  await keepModel(context, { id: `mdl_${title}`, name: title, kind: 'adapter', ...adapter, ...learned });
  const adapters = [{ ...adapter, weight: 1 }];
  const captions = readLines(dataset.path).filter(({ split }) => split === 'heldout');
  const briefs = shuffled(rngOf('captions', title, SEED), captions)
    .slice(0, BRIEFS)
    .map(({ caption }, i) => ({
      ...{ id: `${title}-${i}`, text: caption, mode: 'text' as const },
      ...{ candidates: CANDIDATES, seed: SEED + i },
    }));
  const takes = await drawTakes(context, { base, adapters }, briefs);
  const { lines } = await readTakes(context, takes, await theChecker(), null);
  return takeLines(takes).map((take) => ({
    ...{ title, brief: take.brief, text: briefs.find(({ id }) => id === take.brief)?.text ?? '' },
    pixels: readFileSync(join(takes, '..', take.path)),
    check: lines.get(take.id) as CheckLine,
  }));
}

async function checksOf(context: Context, clips: readonly { id: string; pixels: Buffer }[], of: string) {
  const path = writeTakes(join(context.paths.root, 'heldout', of.slice(-8)), clips);
  return [...(await readTakes(context, path, await theChecker(), null)).lines.values()];
}

function shareRow<T>(what: string, of: readonly T[], hit: (one: T) => boolean) {
  return { what, unit: 'share', n: of.length, ...wilson(of.filter(hit).length, of.length) };
}

/** Of takes, with a bootstrap over briefs: takes of one brief are alike. */
function namedRows(takes: readonly Seen[]) {
  const named = (take: Seen) => take.named;
  const rows = Map.groupBy(takes, ({ title }) => title);
  return [
    overBriefs("takes whose title's name is read", takes, named),
    ...[...rows].map(([title, own]) => overBriefs(`takes of ${title} of which that is read`, own, named)),
  ];
}

function overBriefs(what: string, takes: readonly Seen[], hit: (one: Seen) => boolean) {
  const byBrief = Map.groupBy(takes, ({ brief }) => brief);
  const over = (ids: readonly string[]) => {
    const drawn = ids.flatMap((id) => byBrief.get(id) ?? []);
    return drawn.filter(hit).length / drawn.length;
  };
  const ids = [...byBrief.keys()];
  const range = rangeOf(bootstrap(ids, SEED, over), over(ids));
  return { what, unit: 'share', n: takes.length, ...range };
}

/** Where takes lie in what 5 to 95 % of the held-out clips have. */
function insideRows(name: 'sharpness' | 'motion', takes: readonly Seen[], held: readonly CheckLine[]) {
  const at = (values: number[], share: number) =>
    values.toSorted((a, b) => a - b)[Math.round(share * (values.length - 1))] ?? Number.NaN;
  const real = held.map((line) => line[name]);
  const [low, high] = [at(real, 0.05), at(real, 0.95)];
  const own = takes.map(({ check }) => check[name]);
  const unit = 'grey levels';
  return [
    {
      what: `${name} of held-out clips, median, 5 and 95 %`,
      value: at(real, 0.5),
      low,
      high,
      unit,
      n: real.length,
    },
    {
      what: `${name} of takes, the same`,
      value: at(own, 0.5),
      low: at(own, 0.05),
      high: at(own, 0.95),
      unit,
      n: own.length,
    },
    overBriefs(
      `takes whose ${name} lies within`,
      takes,
      ({ check }) => check[name] >= low && check[name] <= high,
    ),
  ];
}

/** Takes drawn by chance, a few of each title. */
function drawTitles(takes: readonly Seen[]): void {
  const chosen = [...Map.groupBy(takes, ({ title }) => title).values()].flatMap((own) =>
    shuffled(rngOf('sheet', SEED), own).slice(0, SHOWN),
  );
  drawSheet(
    SHEET,
    chosen.map(({ title, text, pixels }) => ({ text: `${title.replace('ttl_', '')}: ${text}`, pixels })),
  );
}
