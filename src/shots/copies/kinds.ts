import type { FoundCopy } from './closer.ts';
import type { CopyKind } from './schema.ts';

/** Part of a picture's side that must be missing, change of contrast and grey levels, from which a copy is called so. */
const cropped = 0.03;
const regraded = { gain: 1.12, lift: 8 };

export function kindsOf({
  fit: { view, speed },
  likeness: { gain, lift },
}: Pick<FoundCopy, 'fit' | 'likeness'>): CopyKind[] {
  const parts: [CopyKind, boolean][] = [
    ['mirrored', view.mirrored],
    ['cropped', Math.min(view.x1 - view.x0, view.y1 - view.y0) < 1 - cropped],
    ['regraded', Math.max(gain, 1 / gain) > regraded.gain || Math.abs(lift) > regraded.lift],
    ['retimed', speed !== 1],
  ];
  return parts.filter(([, is]) => is).map(([kind]) => kind);
}

/**
 * Within one film a shot that is used again is the very picture at the very speed; what fits only when it is cut or
 * retimed is another take in the same place (seen in drawn films, where a figure walks alike each time).
 */
export function isSecondTake(found: FoundCopy): boolean {
  const changed = kindsOf(found).some((kind) => kind === 'cropped' || kind === 'retimed');
  return found.a.file === found.b.file && changed;
}
