import { type CatalogFile, listFiles, mustBeAsCatalogued } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { fileId } from './list.ts';
import type { Shot, ShotFacts, Studied, StudyInput } from './schema.ts';
import { addFacts, listShots } from './store.ts';
import { tried } from './tried.ts';

/** What is looked for in films whose shots are found, in a pass of its own because it costs more than finding them. */
export interface Study {
  /** The fact that it leaves, by which is known what was done. */
  fact: 'text' | 'speech';
  /** What it gives for each shot; null where a film has nothing to look at, and the fact is then null. */
  look: (context: Context, file: CatalogFile, shots: readonly Shot[]) => Promise<Partial<ShotFacts>[] | null>;
  isFound: (facts: Partial<ShotFacts>) => boolean;
}

/**
 * Looks at all films that lack a fact, or at one. Each is kept as soon as it is done; one that fails is reported, and the
 * others go on.
 * @throws BacklotError `not-found`, `analysis-missing`; the signal's reason
 */
export async function study(context: Context, { file: name }: StudyInput, what: Study): Promise<Studied> {
  const only = name === undefined ? null : await fileId(context.db, name);
  const answer: Studied = { files: [], known: 0, silent: [], failed: [] };
  for (const file of await listFiles(context.db)) {
    if (only !== null && file.id !== only) continue;
    const shots = await listShots(context.db, file.id);
    if (shots.length === 0) continue;
    if (shots.every(({ facts }) => facts[what.fact] !== undefined)) answer.known++;
    else await tried(context, file, answer.failed, () => studied(context, file, shots, what, answer));
  }
  return answer;
}

async function studied(
  context: Context,
  file: CatalogFile,
  shots: readonly Shot[],
  { fact, look, isFound }: Study,
  answer: Studied,
): Promise<void> {
  const standing = await mustBeAsCatalogued(context, file);
  const found = await look(context, file, shots);
  await mustBeAsCatalogued(context, file, standing);
  const facts = found ?? shots.map(() => ({ [fact]: null }) as Partial<ShotFacts>);
  const rows = shots.map(({ id }, i) => [id, facts[i] ?? {}] as const);
  await addFacts(context.db, file.id, rows);
  if (!found) answer.silent.push(file.id);
  else
    answer.files.push({
      id: file.id,
      file: file.path,
      shots: shots.length,
      found: found.filter(isFound).length,
    });
}
