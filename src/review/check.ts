import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BacklotError,
  type CheckLine,
  checkLineSchema,
  type DatasetInput,
  type JobInput,
} from '../contract/index.ts';
import { mustHash, type Take, takesOf } from '../generate/index.ts';
import {
  artifactSchema,
  type Context,
  fileHash,
  folderHash,
  progressOf,
  toldOutcome,
} from '../jobs/index.ts';
import {
  type Check,
  type CheckerCard,
  type CheckVerdict,
  checkerCardSchema,
  type Limits,
  titleNamesSchema,
} from './schema.ts';
import { saveCheck } from './store.ts';
import { usable } from './usable.ts';

/** The checker that ships with Backlot: it knows the sample studio's titles and no other film. */
export const SHIPPED_CHECKER = fileURLToPath(new URL('../../assets/checker', import.meta.url));

interface Checker {
  path: string;
  sha256: string;
  card: CheckerCard & { limits: Limits };
}

/** A checker with its limits; null where its weights are not those that the card speaks of. */
export async function checkerIn(folder: string): Promise<Checker | null> {
  const card = join(folder, 'card', 'card.json');
  if (!existsSync(card)) return null;
  const path = join(folder, 'weights');
  const sha256 = await folderHash(path);
  const parsed = checkerCardSchema.parse(JSON.parse(await readFile(card, 'utf8')));
  if (parsed.sha256 !== sha256) return null;
  return { path, sha256, card: { ...parsed, limits: { ...parsed.limits, ...(await titleNames(path)) } } };
}

async function titleNames(weights: string): Promise<Pick<Limits, 'titles'>> {
  const path = join(weights, 'titles.json');
  if (!existsSync(path)) return {};
  return { titles: titleNamesSchema.parse(JSON.parse(await readFile(path, 'utf8'))) };
}

export const shippedChecker = (): Promise<Checker | null> => checkerIn(SHIPPED_CHECKER);

/**
 * Checks takes and keeps the readings. Takes whose brief expects nothing (real films) are `unchecked`.
 * @param learned the datasets whose clips no take may copy: what the models learned from, for every arm alike
 */
export async function checkTakes(
  context: Context,
  takes: readonly Take[],
  learned: readonly DatasetInput[],
): Promise<Check[]> {
  const checker = await shippedChecker();
  const checks: Check[] = [];
  for (const [runId, group] of Map.groupBy(takes, (take) => take.runId)) {
    const judged = checker !== null && group.some(({ brief }) => brief.expect !== undefined);
    const readings = judged ? await readAgainst(context, runId, checker, learned) : [];
    for (const take of group) checks.push(await keep(context, take, checker, readings));
  }
  return checks;
}

/** One reading for each dataset, or one that looks for no copies. */
async function readAgainst(
  context: Context,
  runId: string,
  checker: Checker,
  learned: readonly DatasetInput[],
): Promise<Readings[]> {
  const readings: Readings[] = [];
  for (const dataset of learned.length > 0 ? learned : [null])
    readings.push(await readGiven(context, await takesOfRun(context, runId), checker, dataset));
  return readings;
}

/** The file of takes that the run has marked, by the hash that it named then. @throws BacklotError `takes-unmarked` */
async function takesOfRun({ paths }: Context, runId: string): Promise<JobInput> {
  const directory = join(paths.runs, runId);
  const told = await toldOutcome(directory);
  if (told?.by !== 'anybody' && told?.outcome.status === 'succeeded')
    return takesOf({ directory, outcome: told.outcome });
  throw new BacklotError('takes-unmarked', {
    expected: 'takes that a run has marked as its own',
    where: directory,
    found: told ? 'an outcome that anybody can have written' : 'no outcome',
    remedy: 'Move the folder of the run away and generate the takes again.',
  });
}

interface Readings {
  lines: Map<string, CheckLine>;
  copyLimit: number | null;
}

type Runs = Pick<Context, 'engine' | 'report' | 'signal'>;

/**
 * What the checker reads in each take of a file that the caller has written itself.
 * @param path `takes.jsonl` of the takes
 * @param training clips that no take may copy; null: copies are not looked for
 */
export const readTakes = async (
  context: Runs,
  path: string,
  checker: Checker,
  training: DatasetInput | null,
): Promise<Readings> => readGiven(context, { path, sha256: await fileHash(path) }, checker, training);

async function readGiven(
  context: Runs,
  takes: JobInput,
  checker: Checker,
  training: DatasetInput | null,
): Promise<Readings> {
  const { directory, outcome } = await context.engine.run(
    {
      kind: 'check',
      seed: 0,
      checker: { path: checker.path, sha256: checker.sha256 },
      takes,
      training,
    },
    progressOf(context.report, 'checks'),
    context.signal,
  );
  const { path, sha256 } = artifactSchema.parse(outcome.result.checks);
  const bytes = await readFile(join(directory, path));
  mustHash(join(directory, path), bytes, sha256);
  const lines = bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => checkLineSchema.parse(JSON.parse(line)));
  const copyLimit = outcome.result.copyLimit as number | null;
  return { lines: new Map(lines.map((line) => [line.id, line])), copyLimit };
}

async function keep(
  context: Context,
  take: Take,
  checker: Checker | null,
  readings: readonly Readings[],
): Promise<Check> {
  const id = `${take.briefId}-${take.candidate}`;
  const judged = readings.flatMap(({ lines, copyLimit }) => {
    const line = lines.get(id);
    return line
      ? [{ line, ...usable(line, take.brief.expect ?? null, checker?.card.limits ?? null, copyLimit) }]
      : [];
  });
  const worst = judged.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))[0];
  const { verdict, reasons } = worst ?? {
    verdict: 'unchecked' as const,
    reasons: ['no checker knows these films'],
  };
  const checkerSha256 = worst ? (checker?.sha256 ?? null) : null;
  const check = { takeId: take.id, checkerSha256, verdict, reasons };
  await saveCheck(context.db, check, worst?.line ?? null);
  return check;
}

/** A take that copies from one dataset is no better for being unlike another. */
const order: CheckVerdict[] = ['not usable', 'unchecked', 'usable'];
