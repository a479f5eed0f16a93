import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AddOutput, addFiles, listTitles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import {
  assumptionsOf,
  decideShots,
  importLedger,
  type ShotDecision,
  today,
  writeTemplate,
} from '../rights/index.ts';
import { detectShots, listShots, type Shot } from '../shots/index.ts';
import { refusedByReason } from './refused.ts';
import type { RunResult } from './schema.ts';

/** What is known of the films before anything is learned from them. */
export interface Films {
  /** Files that are no film of this catalogue, and films in it whose shots could not be found. */
  refusedFiles: RunResult['refusedFiles'];
  titles: number;
  shots: Shot[];
  decisions: ShotDecision[];
  cleared: number;
  /** Refused shots by the reason that counts. */
  refused: Record<string, number>;
  /** Cleared shots that rest on what no row of the ledger says. */
  assumed: Record<string, number>;
}

export interface FilmsInput {
  paths: string[];
  rights?: string | undefined;
  map?: string | undefined;
}

/** Stages one to three: files to titles, titles to shots, shots to decisions. */
export async function readFilms(context: Context, { paths, rights, map }: FilmsInput): Promise<Films> {
  const added = await addFiles(context, { paths, ...(map === undefined ? {} : { map }) });
  await mustHaveFilms(context, paths, added);
  const { failed } = await detectShots(context, 'fast');
  const shots = await listShots(context.db);
  const tell = (done: number) =>
    context.report({ phase: 'rights', done, total: shots.length, unit: 'shots' });
  tell(0);
  if (rights !== undefined) await importLedger(context, rights);
  const asOf = today();
  const decisions = await decideShots(context, { use: 'train.style', asOf });
  tell(shots.length);
  const titles = (await listTitles(context.db)).length;
  const cleared = decisions.filter(({ outcome }) => outcome === 'ALLOW').length;
  const refusedFiles = [
    ...added.refused,
    ...failed.map(({ file, code, reason }) => ({ file, code, reason })),
  ];
  const refused = [...refusedByReason(decisions)].map(([rule, group]) => [rule, group.length]);
  return {
    ...{ refusedFiles, titles, shots, decisions, cleared },
    ...{ refused: Object.fromEntries(refused), assumed: assumptionsOf(decisions) },
  };
}

/** Paths that are not there, or hold no film, are a slip of the person's: the films that were added before are not what was meant. */
async function mustHaveFilms(
  { db }: Context,
  paths: readonly string[],
  { added, known, refused }: AddOutput,
): Promise<void> {
  const missing = paths.filter((path) => !existsSync(path));
  const titles = await listTitles(db);
  const found = [...added, ...known].filter(({ kind }) => kind === 'film').length;
  if (missing.length === 0 && found > 0 && titles.length > 0) return;
  const reasons = refused.map(({ file, reason }) => `${file}: ${reason}`).slice(0, REASONS_NAMED);
  throw new BacklotError('no-film', {
    expected: missing.length > 0 ? 'files and folders that are there' : 'at least one film',
    where: missing.length > 0 ? missing.join(', ') : paths.join(', '),
    found: reasons.join('; ') || 'nothing that is a film',
    remedy: 'Name films, or folders that hold some; `backlot catalog list` shows what is refused and why.',
  });
}

const REASONS_NAMED = 3;

/**
 * Where nothing is cleared: a ledger that lists the titles, for the studio's lawyers to fill in. One that is there may be filled in
 * already: it stays, and where it lacks titles, another one with all of them is written beside it.
 */
export async function leaveTemplate(context: Context): Promise<string> {
  for (let n = 1; ; n++) {
    const path = join(context.paths.root, n === 1 ? 'ledger-template.yaml' : `ledger-template-${n}.yaml`);
    const { written, listsAll } = await writeTemplate(context, path);
    if (written || listsAll) return path;
  }
}
