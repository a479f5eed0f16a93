import { createHash } from 'node:crypto';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClipLine, clipLineSchema } from '../contract/index.ts';
import type { Snapshot } from '../dataset/index.ts';
import { type Brief, briefSchema, firstFrames, shotsToGive } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { pngOf } from '../media/index.ts';

const CANDIDATES = 4;

/**
 * Briefs for films that nobody wrote briefs for: captions of held-out scenes, title by title. Every second one also
 * gives its scene's first frame, so that people see what the model does with a real picture, where the ledger lets that shot be given
 * (ADR 0166): else it is drawn from its words. Each says whose caption it is.
 */
export async function heldoutBriefs(
  context: Context,
  snapshot: Snapshot,
  count: number,
  seed: number,
): Promise<Brief[]> {
  const chosen = spread(
    (await readManifest(snapshot)).filter(({ split }) => split === 'heldout'),
    count,
    seed,
  );
  const framed = chosen.filter((_, index) => wantsFrame(index)).map(({ shot }) => shot);
  const toGive = await shotsToGive(context, [...new Set(framed)]);
  const briefs: Brief[] = [];
  for (const [index, clip] of chosen.entries()) {
    const mode = wantsFrame(index) && toGive.has(clip.shot) ? 'first' : 'text';
    const first = mode === 'first' ? await firstFrame(context, snapshot, clip) : undefined;
    const id = `${String(index + 1).padStart(2, '0')}-${mode}`;
    const asked = { id, text: clip.caption, mode, first, candidates: CANDIDATES, seed: seed + index };
    const caption = { dataset: snapshot.id, shot: clip.shot };
    briefs.push({ ...briefSchema.parse(asked), ...(clip.caption === '' ? {} : { caption }) });
  }
  return briefs;
}

const wantsFrame = (index: number): boolean => index % 2 === 1;

/** Ids of briefs that would have given the first frame of a scene, which the ledger does not let be given. */
export const unframed = (briefs: readonly Brief[]): string[] =>
  briefs.filter(({ mode }, index) => wantsFrame(index) && mode !== 'first').map(({ id }) => id);

async function readManifest({ path }: Snapshot): Promise<ClipLine[]> {
  const text = await readFile(join(path, 'manifest.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => clipLineSchema.parse(JSON.parse(line)));
}

/** Clips of different titles by turns, one of a scene as long as there are scenes; the order follows from the seed. */
function spread(clips: readonly ClipLine[], count: number, seed: number): ClipLine[] {
  const rank = ({ id }: ClipLine) => createHash('sha256').update(`${seed}\0${id}`).digest('hex');
  const ordered = [...clips].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const titles = [...Map.groupBy(ordered, ({ title }) => title).values()].map(oneOfEachSceneFirst);
  const longest = Math.max(0, ...titles.map((title) => title.length));
  const turns = Array.from({ length: longest }, (_, n) => titles.flatMap((title) => title[n] ?? []));
  return turns.flat().slice(0, count);
}

function oneOfEachSceneFirst(clips: readonly ClipLine[]): ClipLine[] {
  const seen = new Set<string>();
  const first = clips.filter(({ scene }) => !seen.has(scene) && seen.add(scene));
  return [...first, ...clips.filter((clip) => !first.includes(clip))];
}

/** The first frame of a clip as a PNG. */
async function firstFrame({ paths }: Context, snapshot: Snapshot, clip: ClipLine): Promise<string> {
  const size = clip.height * clip.width * 3;
  const file = await open(join(snapshot.path, clip.shard), 'r');
  const pixels = Buffer.alloc(size);
  await file.read(pixels, 0, size, clip.offset).finally(() => file.close());
  const folder = firstFrames(paths);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${clip.id.slice(0, 12)}.png`);
  await writeFile(path, await pngOf(pixels, clip.width, clip.height));
  return path;
}
