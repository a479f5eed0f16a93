import type { Mode } from '../contract/index.ts';

/** What a brief may give beside words. */
export type Given = 'first' | 'last' | 'video' | 'strength';

/** What each mode needs; anything else is refused. */
const NEEDS: Record<Mode, readonly Given[]> = {
  text: [],
  first: ['first'],
  'first-last': ['first', 'last'],
  extend: ['video'],
  precede: ['video'],
  restyle: ['video', 'strength'],
};

/** What a brief lacks or gives in vain: the place, and what to do. */
export function oddInputs(
  brief: { mode: Mode } & Partial<Record<Given, unknown>>,
): { place: Given; message: string }[] {
  const all: Given[] = ['first', 'last', 'video', 'strength'];
  const needed = NEEDS[brief.mode];
  return all
    .filter((place) => (brief[place] !== undefined) !== needed.includes(place))
    .map((place) => ({ place, message: messageFor(brief.mode, place, needed) }));
}

function messageFor(mode: Mode, place: Given, needed: readonly Given[]): string {
  if (needed.includes(place)) return `mode ${mode} needs \`${place}\`: give it, or choose another mode`;
  const takes = needed.length > 0 ? needed.join(' and ') : 'nothing but words';
  return `mode ${mode} takes ${takes}: leave \`${place}\` out, or choose another mode`;
}
