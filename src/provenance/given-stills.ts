import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listTakes } from '../generate/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { reportedTakes } from '../review/index.ts';
import { writeCompared } from './given-store.ts';

type Where = Pick<Context, 'db' | 'paths'>;

/**
 * Notes of pictures that briefs give of which takes they are stills: those that Backlot itself has put into reports are known by their bytes,
 * wherever they were copied to, while the report is there. What is drawn from one is drawn from its take (ADR 0144).
 * @param pictures of briefs that are to be drawn; one that is not there is told of where it is read
 */
export async function noteStills(context: Where, pictures: readonly string[]): Promise<void> {
  const wanted = new Map<string, number>();
  for (const path of new Set(pictures)) {
    const facts = await stat(path).catch(() => null);
    if (facts?.isFile()) wanted.set(await fileHash(path), facts.size);
  }
  const found = wanted.size === 0 ? new Map<string, string[]>() : await stillsAmong(context, wanted);
  for (const [sha256, ids] of found) {
    const takes = (await listTakes(context.db, ids)).map(({ id }) => id).sort();
    if (takes.length > 0) await writeCompared(context.db, sha256, { takes, reason: null });
  }
}

/** The takes whose stills in reports are files of these hashes. @param wanted their lengths, by sha256 */
async function stillsAmong(
  { paths }: Where,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, string[]>> {
  const lengths = new Set(wanted.values());
  const found = new Map<string, string[]>();
  for (const { page, takes } of await reportedTakes({ paths }))
    for (const take of takes) {
      const still = join(dirname(page), 'takes', `${take}.png`);
      const facts = await stat(still).catch(() => null);
      if (!facts || !lengths.has(facts.size)) continue;
      const sha256 = await fileHash(still);
      if (wanted.has(sha256)) found.set(sha256, [...(found.get(sha256) ?? []), take]);
    }
  return found;
}
