import { resolve } from 'node:path';
import { getFile } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { formatOf } from '../editorial/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { type PlacedCut, placedOn } from './compare.ts';
import { readAndKeep } from './detect-shots.ts';
import { tiledBy } from './detector.ts';
import { textOf } from './exchange.ts';
import type { Adopted, AdoptInput } from './exchange-schema.ts';
import { fileId } from './list.ts';
import type { FoundTransition } from './schema.ts';
import { filesDone } from './store.ts';
import { needConstantRate } from './timeline.ts';

/** Recorded with the pass in place of a detector's name. */
const byEditor = 'editor-1';

/**
 * Takes the shots of a film file from an editor's cut that tiles the film from first frame to last, measures them and
 * keeps them as if they had been found. Only where none were: ids of shots are part of frozen datasets and decisions.
 * @throws BacklotError `not-found`, `shots-known`, `format-unknown`, `cut-unreadable`, `cut-unfit`, `variable-rate`, what decoding throws
 */
export async function adoptCut(context: Context, input: AdoptInput): Promise<Adopted> {
  const id = await fileId(context.db, input.file);
  const file = await getFile(context.db, id);
  if (file) needConstantRate(file);
  if (!file || (await filesDone(context.db)).has(id)) throw shotsKnown(input);
  const path = resolve(input.cut);
  const cut = placedOn(formatOf(path).read(await textOf(path), file.fps), file, path);
  checkWhole(cut, file.frames, path);
  const instead = (frames: number) => tiledBy(frames, transitionsIn(cut));
  const { found } = await readAndKeep(context, file, { detector: 'fast', by: byEditor, instead });
  const details = { cut: path, shots: found.shots.length };
  await appendAudit(context.db, { who: context.who, what: 'shots.adopt', subject: id, details });
  const gradual = found.transitions.filter(({ type }) => type !== 'cut').length;
  return { file: id, cut: path, shots: found.shots.length, transitions: gradual };
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

const shotsKnown = ({ file }: AdoptInput) =>
  new BacklotError('shots-known', {
    expected: 'a film file whose shots were not found yet',
    where: file,
    found: 'shots, which datasets and decisions may rest on',
    remedy: 'See how the cut differs with: shots compare.',
  });
