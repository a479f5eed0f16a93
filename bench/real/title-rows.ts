import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, rangeOf } from '../../src/assess/curve.ts';
import type { CheckLine, JobInput } from '../../src/contract/index.ts';
import type { Snapshot } from '../../src/dataset/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { readTakes } from '../../src/review/index.ts';
import { rngOf, shuffled } from '../../src/sample/random.ts';
import { type Shown, writeTakes } from '../checker/takes.ts';
import { drawSheet } from '../sheet.ts';
import { theChecker } from '../takes.ts';
import { type Clip, foldedClips } from './folds.ts';
import { titleReader } from './title-reader.ts';
import { type Seen, titleTakes } from './titles.ts';

/**
 * Do takes of an adapter look like its film? A reader taught by real clips, whole scenes held out, names their title;
 * their motion and sharpness are laid beside those of all clips. Every title counts alike, and every scene of a title.
 */

const SEED = 1;
/** Takes of each title on the sheet. */
const SHOWN = 2;
const SHEET = fileURLToPath(new URL('titles.png', import.meta.url));

const ASKED: Record<Seen['arm'], string> = {
  adapter: "takes whose title's name is read",
  unnamed: 'the same, asked without the name of the title',
  base: 'the same briefs, drawn by the base alone',
};

export async function titleRows(context: Context, all: Snapshot, base: JobInput, steps: number) {
  const clips = foldedClips(all.path);
  return rowsOf(context, clips, await titleTakes(context, all, clips, base, steps));
}

export async function rowsOf(context: Context, clips: readonly Clip[], takes: readonly Seen[]) {
  const folds = [...new Set(clips.map(({ fold }) => fold))];
  const readers = new Map(
    folds.map((fold) => [fold, titleReader(clips.filter((clip) => clip.fold !== fold).map(knownOf))]),
  );
  const isNamed = (one: Seen | Clip) => readers.get(one.fold)?.(one.pixels) === one.title;
  const by = Map.groupBy(takes, ({ arm }) => arm);
  const adapters = by.get('adapter') ?? [];
  drawTitles(adapters);
  return [
    ...namedRows('real held-out clips whose title is named', clips, isNamed),
    ...[...by].flatMap(([arm, own]) => namedRows(ASKED[arm], own, isNamed)),
    ...namedRows('takes that are copies of a training clip', adapters, ({ copied }) => copied === true),
    ...namedRows(`${ASKED.adapter}, of those that are no copies`, adapters.filter(isNoCopy), isNamed),
    ...(await insideRows(context, clips, adapters)),
  ];
}

const isNoCopy = ({ copied }: Seen) => copied === false;

const knownOf = ({ pixels, title }: Clip) => ({ pixels, title });

interface Placed {
  title: string;
  scene: string;
}

function namedRows<T extends Placed>(what: string, ones: readonly T[], hit: (one: T) => boolean) {
  const titles = Map.groupBy(ones, ({ title }) => title);
  const own = [...titles].map(([title, of]) => ({
    what: `${what}: ${title}`,
    value: mean(sharesOf(of, hit)),
    ...{ unit: 'share', n: of.length },
  }));
  return [overScenes(what, ones, hit), ...own];
}

/** The mean over titles of the mean over their scenes; the interval by drawing scenes of each title again. */
function overScenes<T extends Placed>(what: string, ones: readonly T[], hit: (one: T) => boolean) {
  const titles = [...Map.groupBy(ones, ({ title }) => title).values()].map((own) => sharesOf(own, hit));
  const drawn = titles.map((shares, i) => bootstrapped(shares, SEED + i));
  const range = (drawn[0] ?? []).map((_, i) => mean(drawn.map((one) => one[i] ?? 0)));
  return { what, unit: 'share', n: ones.length, ...rangeOf(range, mean(titles.map(mean))) };
}

function bootstrapped(shares: readonly number[], seed: number): number[] {
  const places = shares.map((_, place) => String(place));
  return bootstrap(places, seed, (drawn) => mean(drawn.map((place) => shares[Number(place)] ?? 0)));
}

/** Of each scene. */
const sharesOf = <T extends Placed>(ones: readonly T[], hit: (one: T) => boolean): number[] =>
  [...Map.groupBy(ones, ({ scene }) => scene).values()].map((own) => own.filter(hit).length / own.length);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Where takes lie in what 5 to 95 % of the clips have. */
async function insideRows(context: Context, clips: readonly Clip[], takes: readonly Seen[]) {
  const real = [...(await checksOf(context, 'real', clips)).values()];
  const ids = takes.map((take, place) => ({ ...take, id: `take-${place}` }));
  const checks = await checksOf(context, 'takes', ids);
  return (['sharpness', 'motion'] as const).flatMap((name) => {
    const [low, high] = [at(real, name, 0.05), at(real, name, 0.95)];
    const value = (id: string) => checks.get(id)?.[name] ?? Number.NaN;
    return [
      spread(`${name} of clips, median, 5 and 95 %`, real, name),
      spread(`${name} of takes, the same`, [...checks.values()], name),
      overScenes(`takes whose ${name} lies within`, ids, ({ id }) => value(id) >= low && value(id) <= high),
    ];
  });
}

async function checksOf(context: Context, name: string, shown: readonly Shown[]) {
  const path = writeTakes(join(context.paths.root, 'checked', name), shown);
  return (await readTakes(context, path, await theChecker(), null)).lines;
}

type Measure = 'sharpness' | 'motion';

function spread(what: string, lines: readonly CheckLine[], name: Measure) {
  const [low, value, high] = [0.05, 0.5, 0.95].map((share) => at(lines, name, share));
  return { what, value, low, high, unit: 'grey levels', n: lines.length };
}

function at(lines: readonly CheckLine[], name: Measure, share: number): number {
  const values = lines.map((line) => line[name]).sort((a, b) => a - b);
  return values[Math.round(share * (values.length - 1))] ?? Number.NaN;
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
