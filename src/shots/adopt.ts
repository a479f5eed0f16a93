import { resolve } from 'node:path';
import { type CatalogFile, getFile, listFiles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { doubtsOf, type PlacedCut, placedOn } from './compare.ts';
import { readAndKeep } from './detect-shots.ts';
import { tiledBy } from './detector.ts';
import { readCut } from './exchange.ts';
import type { Adopted, AdoptInput } from './exchange-schema.ts';
import { fileId } from './list.ts';
import type { FoundTransition } from './schema.ts';
import { filesDone } from './store.ts';
import { needConstantRate } from './timeline.ts';

/** Recorded with the pass in place of a detector's name. */
export const byEditor = 'editor-1';

/**
 * Takes the shots of a film file from an editor's cut that tiles the film from first frame to last, measures them and
 * keeps them as if they had been found. Only where none were: ids of shots are part of frozen datasets and decisions.
 * A doubtful cut is taken where a person says so.
 * @throws BacklotError `not-found`, `shots-known`, `format-unknown`, `cut-unreadable`, `cut-unfit`, `cut-doubtful`, `variable-rate`, what decoding throws
 */
export async function adoptCut(context: Context, input: AdoptInput): Promise<Adopted> {
  const id = await fileId(context.db, input.file);
  const file = await getFile(context.db, id);
  if (file) needConstantRate(file);
  if (!file || (await filesDone(context.db)).has(id)) throw shotsKnown(input);
  const path = resolve(input.cut);
  const read = await readCut(path, file.fps);
  const cut = placedOn(read, file, path);
  checkWhole(cut, file.frames, path);
  const doubts = doubtsOf(read, cut, file, await otherNames(context, file));
  if (doubts.length > 0 && !input.anyway) throw doubtful(path, doubts);
  const instead = (frames: number) => tiledBy(frames, transitionsIn(cut));
  const { found } = await readAndKeep(context, file, { detector: 'fast', by: byEditor, instead });
  const notices = [...new Set([...doubts, ...cut.notices])];
  const { placedBy } = cut;
  const details = { cut: path, shots: found.shots.length, placedBy, notices };
  await appendAudit(context.db, { who: context.who, what: 'shots.adopt', subject: id, details });
  const gradual = found.transitions.filter(({ type }) => type !== 'cut').length;
  return { file: id, cut: path, shots: found.shots.length, transitions: gradual, placedBy, notices };
}

async function otherNames({ db }: Context, { id }: CatalogFile): Promise<string[]> {
  const others = (await listFiles(db)).filter((file) => file.id !== id);
  return others.flatMap(({ path, facts }) => [path, ...(facts.names ?? [])]);
}

/** The cut's transitions, and a cut where two of its clips meet and nothing is mixed. */
export function transitionsIn({ clips, transitions }: PlacedCut): FoundTransition[] {
  const sure = { confidence: 1 };
  const isMixed = (frame: number) => transitions.some(({ start, end }) => start <= frame && frame <= end + 1);
  const joins = clips.slice(1).map((clip) => clip.in);
  return [
    ...transitions.map((mix) => ({ ...mix, ...sure })),
    ...joins
      .filter((frame) => !isMixed(frame))
      .map((end) => ({ start: end - 1, end, type: 'cut' as const, ...sure })),
  ];
}

/** @throws BacklotError `cut-unfit` where frames of the film are in no clip and no transition */
function checkWhole({ clips, transitions }: PlacedCut, frames: number, where: string): void {
  const mixes = transitions.map(({ start, end }) => ({ in: start, out: end + 1 }));
  let at = 0;
  for (const piece of [...clips, ...mixes].sort((a, b) => a.in - b.in)) {
    if (piece.in > at) break;
    at = Math.max(at, piece.out);
  }
  if (at >= frames) return;
  throw new BacklotError('cut-unfit', {
    expected: `a cut of all ${frames} frames of the film`,
    where,
    found: `nothing at frame ${at}`,
    remedy: 'Export the whole reel without gaps, or let the shots be found: shots detect.',
  });
}

const doubtful = (where: string, doubts: readonly string[]) =>
  new BacklotError('cut-doubtful', {
    expected: 'a cut of this film, read whole and laid on it by timecode where both have one',
    where,
    found: doubts.join('; '),
    remedy:
      'Look at shots compare, once with shots found; export the cut on one track, or take it with --anyway.',
  });

const shotsKnown = ({ file }: AdoptInput) =>
  new BacklotError('shots-known', {
    expected: 'a film file whose shots were not found yet',
    where: file,
    found: 'shots, which datasets and decisions may rest on',
    remedy:
      'See how the cut differs with: shots compare. Shots of an adopted cut on which nothing rests go with: shots discard.',
  });
