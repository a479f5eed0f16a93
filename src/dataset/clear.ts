import { BacklotError, type ClipLine, type DatasetInput, type Seal } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots, type ShotDecision, today, useSchema } from '../rights/index.ts';
import { forWhomOf } from '../trust/index.ts';
import { parseManifest, sha256 } from './canonical.ts';
import { manifestText } from './manifest-file.ts';
import { refuseNamed } from './named.ts';
import { type ForWhom, forWhomSchema } from './schema.ts';
import { mustBeItsOwn } from './seal.ts';
import { snapshotIn } from './store.ts';

/**
 * Decides again, for today, on every shot that a sealed snapshot holds: what was allowed when it was frozen may have
 * been withdrawn or have ended since, the job may make another use of it, and captions may name somebody whom nobody asked. For whom it is decided stands in the seal.
 * Rendered worlds have nothing to decide.
 * @param use what the job makes of the clips, decided beside what the snapshot was frozen for
 * @returns the decisions on all shots of the workspace, for what the snapshot was frozen for
 * @throws BacklotError `not-cleared` with the reasons, `snapshot-altered`, `snapshot-deleted`, `snapshot-incomplete`
 */
export async function clearSnapshot(
  context: Pick<Context, 'db'>,
  dataset: DatasetInput,
  seal: Seal,
  use: string = seal.use,
): Promise<ShotDecision[]> {
  if (seal.basis === 'rendered') return [];
  const lines = await linesOf(dataset);
  const shots = [...new Set(lines.map((line) => line.shot))];
  const decisions = await clearFor(context, dataset, seal, shots, seal.use);
  if (use !== seal.use) await clearFor(context, dataset, seal, shots, use);
  await refuseNamed(context, dataset.path, lines, { use, performers: forWhomOf(seal).performers });
  return decisions;
}

/**
 * As `clearSnapshot`, of a snapshot as it lies: under the seal that was made for it, and not for another one of the same clips.
 * @throws as `clearSnapshot`, and BacklotError `seal-mismatch`
 */
export async function clearForRun(
  context: Pick<Context, 'db'>,
  dataset: DatasetInput,
  seal: Seal,
  use: string,
): Promise<ShotDecision[]> {
  const snapshot = await snapshotIn(context.db, dataset.path);
  if (snapshot) mustBeItsOwn(snapshot, dataset.path, seal);
  return clearSnapshot(context, dataset, seal, use);
}

async function clearFor(
  context: Pick<Context, 'db'>,
  dataset: DatasetInput,
  seal: Seal,
  shots: readonly string[],
  use: string,
): Promise<ShotDecision[]> {
  const asOf = today();
  const ask = { use: useSchema.parse(use), territory: seal.territory, ...askedFor(seal), asOf };
  const decisions = await decideShots(context, ask);
  const decided = new Map(decisions.map((one) => [one.shotId, one]));
  const refused = shots.filter((shot) => decided.get(shot)?.outcome !== 'ALLOW');
  const frozenFor = seal.use;
  if (refused.length > 0) throw notCleared(dataset, { ...ask, frozenFor }, shots.length, refused, decided);
  return decisions;
}

/** For whom a seal or a record says that it was decided, as the rights stage asks. */
export function askedFor(said: Parameters<typeof forWhomOf>[0]): ForWhom {
  const { trainer, model, performers } = forWhomOf(said);
  const named = performers.length === 0 ? {} : { performers };
  return forWhomSchema.parse({ trainer, model: model ?? undefined, ...named });
}

async function linesOf({ path, digest }: DatasetInput): Promise<ClipLine[]> {
  const manifest = await manifestText(path);
  if (sha256(manifest) === digest) return parseManifest(manifest);
  throw new BacklotError('snapshot-altered', {
    expected: `a manifest with sha256 ${digest}`,
    where: path,
    found: sha256(manifest),
    remedy: 'Freeze the dataset again.',
  });
}

const reasonsNamed = 3;

function notCleared(
  { path }: DatasetInput,
  {
    use,
    asOf,
    frozenFor,
    ...forWhom
  }: { use: string; asOf: string; frozenFor: string; territory: string } & ForWhom,
  shots: number,
  refused: readonly string[],
  decided: ReadonlyMap<string, ShotDecision>,
): BacklotError {
  const reasons = new Set(refused.flatMap((shot) => reasonsOf(decided.get(shot))));
  const named = [...reasons].slice(0, reasonsNamed).join('; ');
  const more = reasons.size > reasonsNamed ? `; and ${reasons.size - reasonsNamed} more reasons` : '';
  return new BacklotError('not-cleared', {
    expected: `every shot of the snapshot to be allowed for ${[use, forWhom.trainer, forWhom.model, ...(forWhom.performers ?? [])].filter(Boolean).join(', ')} on ${asOf}`,
    where: path,
    found: `${refused.length} of ${shots} that are not: ${named}${more}`,
    remedy:
      use === frozenFor
        ? `Freeze the dataset again with ${optionsFor(use, forWhom)}: what is refused now stays out. \`backlot rights explain SHOT\` with the same options says why.`
        : `The dataset was frozen for ${frozenFor}, and this makes another use of it: a model from scratch or a full fine-tune is train.foundation, an adapter is train.style. Clear the shots for it, or freeze with --use ${use}.`,
  });
}

/** As `dataset freeze` and `rights explain` take them: without them the same would be asked as before. */
const optionsFor = (
  use: string,
  { territory, trainer, model, performers = [] }: ForWhom & { territory: string },
): string =>
  [
    `--use ${use} --territory ${territory} --trainer ${trainer}`,
    ...(model === undefined ? [] : [`--model ${JSON.stringify(model)}`]),
    ...performers.map((id) => `--performer ${id}`),
  ].join(' ');

const reasonsOf = (decision: ShotDecision | undefined): string[] =>
  decision === undefined
    ? ['the shot is not in this workspace any more']
    : decision.reasons.map(({ rule, row, message }) => `${rule} (${row}): ${message}`);
