import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CheckLine, checkLineSchema, type DatasetInput } from '../contract/index.ts';
import type { Take } from '../generate/index.ts';
import { type Context, fileHash, folderHash, progressOf } from '../jobs/index.ts';
import { type Check, type CheckerCard, type CheckVerdict, checkerCardSchema } from './schema.ts';
import { saveCheck } from './store.ts';
import { usable } from './usable.ts';

/** The checker that ships with Backlot: it knows the sample studio's titles and no other film. */
export const SHIPPED_CHECKER = fileURLToPath(new URL('../../assets/checker', import.meta.url));

interface Checker {
  path: string;
  sha256: string;
  card: CheckerCard;
}

/** A checker with its limits; null where its weights are not those that the card speaks of. */
export async function checkerIn(folder: string): Promise<Checker | null> {
  const card = join(folder, 'card', 'card.json');
  if (!existsSync(card)) return null;
  const path = join(folder, 'weights');
  const sha256 = await folderHash(path);
  const parsed = checkerCardSchema.parse(JSON.parse(await readFile(card, 'utf8')));
  return parsed.sha256 === sha256 ? { path, sha256, card: parsed } : null;
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
    readings.push(await readTakes(context, takesOfRun(context, runId), checker, dataset));
  return readings;
}

const takesOfRun = ({ paths }: Context, runId: string) => join(paths.runs, runId, 'takes.jsonl');

interface Readings {
  lines: Map<string, CheckLine>;
  copyLimit: number | null;
}

/**
 * What the checker reads in each take.
 * @param path `takes.jsonl` of the takes
 * @param training clips that no take may copy; null: copies are not looked for
 */
export async function readTakes(
  context: Pick<Context, 'engine' | 'report' | 'signal'>,
  path: string,
  checker: Checker,
  training: DatasetInput | null,
): Promise<Readings> {
  const { directory, outcome } = await context.engine.run(
    {
      kind: 'check',
      seed: 0,
      checker: { path: checker.path, sha256: checker.sha256 },
      takes: { path, sha256: await fileHash(path) },
      training,
    },
    progressOf(context.report, 'checks'),
    context.signal,
  );
  const text = await readFile(join(directory, 'checks.jsonl'), 'utf8');
  const lines = text
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
