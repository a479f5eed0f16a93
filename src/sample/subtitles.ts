import { rateOf } from './plan.ts';
import { rngOf, shuffled } from './random.ts';
import type { Timeline } from './timeline.ts';

/** One line of dialogue; seconds from the film's first frame. */
export interface Cue {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
}

const LINES = [
  'Did you hear that?',
  'I have been waiting all week for this.',
  'Not again.',
  'Look over there!',
  'We are nearly home.',
  'Who moved my things?',
  'It was here a moment ago.',
  'Come on, this way.',
  'Shh. Listen.',
  'I told you it would work.',
  'You first.',
  'No, you first.',
  'What a morning.',
  'One more try.',
  'That was not me.',
  'Do you think they saw us?',
  'I could stay here forever.',
  'Hold on tight.',
  'Nobody will believe this.',
  'Time to go.',
  'Is it always like this?',
  'I made you something.',
  'Wait for me!',
  'Promise you will come back.',
];

/** How soon after a shot begins its line is spoken, and how long a line stays. */
const DELAY_SECONDS = 0.3;
const LINE_SECONDS = 1.6;

/** A line in the story's first shot and in about half of the others, spoken inside the shot by the character in it. */
export function dialogueOf(timeline: Timeline, fps: string, slug: string, seed: number): Cue[] {
  const rng = rngOf('dialogue', slug, seed);
  const lines = shuffled(rng, LINES);
  const rate = rateOf(fps);
  const cues: Cue[] = [];
  for (const { part, in: start } of timeline.spans) {
    if (part.kind !== 'story' || (cues.length > 0 && rng.chance(0.45))) continue;
    const startSeconds = start / rate + DELAY_SECONDS;
    const text = `${part.words.character.name.toUpperCase()}: ${lines[cues.length % lines.length]}`;
    cues.push({ startSeconds, endSeconds: startSeconds + LINE_SECONDS, text });
  }
  return cues;
}

/** SubRip text. */
export function srtOf(cues: readonly Cue[]): string {
  return cues
    .map((cue, i) => `${i + 1}\n${stamp(cue.startSeconds)} --> ${stamp(cue.endSeconds)}\n${cue.text}\n`)
    .join('\n');
}

/** `00:00:04,250` */
function stamp(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)},${String(ms % 1000).padStart(3, '0')}`;
}
