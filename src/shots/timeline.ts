import type { CatalogFile } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Clip, Item, Timeline } from '../editorial/index.ts';
import { frameOf } from '../media/index.ts';
import type { Shot, Transition } from './schema.ts';

/** A piece of the film: a shot, or frames that are in none. `to` is the first frame behind it. */
type Piece = { from: number; to: number } & ({ shot: Shot } | { mix: Exclude<Transition['type'], 'cut'> });

/**
 * A film as an editor's timeline that shows it from its first frame to its last: a clip for each shot, a transition
 * where one was found. Both sides of a transition show the same frames of the film, so mixing them changes no picture.
 * @throws BacklotError `variable-rate`
 */
export function timelineOf(
  file: CatalogFile,
  shots: readonly Shot[],
  transitions: readonly Transition[],
): Timeline {
  needConstantRate(file);
  const { fps, titleName, facts } = file;
  const { startTimecode, dropFrame } = facts;
  const start = startTimecode === null ? null : frameOf(startTimecode, fps, null, dropFrame);
  const clipOf = (from: number, to: number, shot: Shot | null): Clip => ({
    ...{ kind: 'clip', path: file.path, fps, mediaStart: start ?? 0, mediaFrames: file.frames, from },
    name: `${titleName} ${shot ? String(shot.number).padStart(4, '0') : 'transition'}`,
    frames: to - from,
    metadata: { shot: shot?.id ?? null, file: file.sha256 },
  });
  return { name: titleName, fps, dropFrame, start, items: itemsOf(piecesOf(shots, transitions), clipOf) };
}

function piecesOf(shots: readonly Shot[], transitions: readonly Transition[]): Piece[] {
  const mixes = transitions.flatMap(({ start, end, type }) =>
    type === 'cut' ? [] : [{ from: start, to: end + 1, mix: type }],
  );
  const own = shots.map((shot) => ({ from: shot.in, to: shot.out, shot }));
  return [...own, ...mixes].sort((a, b) => a.from - b.from);
}

/** A mix lies at the head of the clip after it; at the end of the film, over the last frames of the clip before it. */
function itemsOf(
  pieces: readonly Piece[],
  clipOf: (from: number, to: number, shot: Shot | null) => Clip,
): Item[] {
  const items: Item[] = [];
  let head: number | null = null;
  for (const piece of pieces) {
    if ('shot' in piece) {
      items.push(clipOf(head ?? piece.from, piece.to, piece.shot));
      head = null;
      continue;
    }
    // Two mixes without a clean frame between them: the first has a clip of its own.
    if (head !== null) items.push(clipOf(head, piece.from, null));
    items.push({ kind: 'transition', type: piece.mix, frames: piece.to - piece.from });
    head = piece.from;
  }
  const end = pieces.at(-1)?.to ?? 0;
  return head === null ? items : withTail(items, clipOf(head, end, null));
}

/** @param mixed the frames of the last transition as a clip */
function withTail(items: Item[], mixed: Clip): Item[] {
  const before = items.at(-2);
  if (before?.kind !== 'clip') return [...items, mixed];
  const longer = { ...before, frames: before.frames + mixed.frames };
  return [...items.slice(0, -2), longer, ...items.slice(-1)];
}

/** @throws BacklotError `variable-rate` */
export function needConstantRate({ path, facts }: Pick<CatalogFile, 'path' | 'facts'>): void {
  if (!facts.variableRate) return;
  throw new BacklotError('variable-rate', {
    expected: 'a film of constant rate: cuts count frames',
    where: path,
    found: facts.timeGaps ? `frames missing in ${facts.timeGaps} places` : 'frames of different length',
    remedy: 'Exchange cuts for a copy of constant rate.',
  });
}
