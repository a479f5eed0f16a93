import { timecodeOf } from '../media/index.ts';
import type { FilmPlan } from './plan.ts';
import type { Span, Timeline } from './timeline.ts';

/**
 * The columns of the shot list that a production hands over with a film. Timecodes count from the film's start
 * timecode; `timecode out` is that of the first frame after the shot. Cards have a description only.
 */
export const SHOT_LIST_COLUMNS = [
  'scene',
  'shot',
  'timecode in',
  'timecode out',
  'description',
  'characters',
  'set',
  'action',
  'camera',
  'time',
] as const;

/** The shot list as CSV. */
export function shotListOf(plan: FilmPlan, timeline: Timeline): string {
  const rows = timeline.spans.map((span, i) => rowOf(plan, span, i + 1));
  return [[...SHOT_LIST_COLUMNS], ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function rowOf(plan: FilmPlan, span: Span, shot: number): string[] {
  const at = (frame: number) => timecodeOf(frame, plan.fps, plan.startTimecode, false);
  const place = [String(shot), at(span.in), at(span.out)];
  const { part } = span;
  if (part.kind !== 'story')
    return [
      part.kind,
      ...place,
      part.kind === 'opening' ? 'opening title card' : 'end credits',
      '',
      '',
      '',
      '',
      '',
    ];
  const { character, set, action, camera, time } = part.words;
  return [String(part.scene), ...place, part.caption, character.name, set.name, action, camera, time];
}

const quoted = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
