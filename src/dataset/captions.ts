import { type ClipLine, captionSourceSchema } from '../contract/index.ts';
import type { ShotFields } from './shot-list.ts';
import type { Cue } from './subtitles.ts';

export type CaptionSource = ClipLine['captionSource'];

/** Words for a stretch of film, in decoded frames: [in, out). */
export interface FrameNote {
  in: number;
  out: number;
  text: string;
  scene: string;
  /** What the columns of a shot list say of it. */
  fields?: ShotFields | undefined;
}

/** What is known in words about one file, by where it came from. */
export interface FileWords {
  /** The newest that people and models wrote of each shot. */
  person: readonly FrameNote[];
  model: readonly FrameNote[];
  shotList: readonly FrameNote[];
  sidecar: readonly FrameNote[];
  subtitles: readonly Cue[];
}

export interface Caption {
  caption: string;
  captionSource: CaptionSource;
  /** As the production numbers it; empty where nobody said. */
  scene: string;
}

/** A shot's place in its file, in frames and in seconds from the file's start, and what was measured of it. */
export interface CaptionShot {
  in: number;
  out: number;
  startSeconds: number;
  endSeconds: number;
  facts: string;
}

/**
 * The words for a shot, from the first source that says anything: a person's own words, the production's shot list,
 * another sidecar, what a model saw in it, what is spoken, what was measured (`captionSourceSchema`).
 */
export function captionOf(shot: CaptionShot, words: FileWords): Caption {
  const row = mostOverlapping(shot, words.shotList);
  const note = mostOverlapping(shot, words.sidecar);
  const scene = tidy(row?.scene ?? '') || tidy(note?.scene ?? '');
  const said: Record<CaptionSource, string | undefined> = {
    person: mostOverlapping(shot, words.person)?.text,
    shot_list: row?.text,
    sidecar: note?.text,
    model: mostOverlapping(shot, words.model)?.text,
    subtitles: spokenIn(shot, words.subtitles),
    facts: shot.facts,
  };
  const captionSource = captionSourceSchema.options.find((source) => tidy(said[source] ?? '')) ?? 'facts';
  return { caption: tidy(said[captionSource] ?? ''), captionSource, scene };
}

/** What the subtitles say while the shot shows; empty where they say nothing. */
export function spokenIn(
  shot: { startSeconds: number; endSeconds: number },
  subtitles: FileWords['subtitles'],
): string {
  const cues = subtitles.filter(
    (cue) => cue.startSeconds < shot.endSeconds && cue.endSeconds > shot.startSeconds,
  );
  return tidy(cues.map((cue) => cue.text).join(' '));
}

/** The note that covers most frames of the shot; of two that cover equally many, the first. */
export function mostOverlapping(
  shot: { in: number; out: number },
  notes: readonly FrameNote[],
): FrameNote | null {
  let best: FrameNote | null = null;
  let most = 0;
  for (const note of notes) {
    const overlap = Math.min(shot.out, note.out) - Math.max(shot.in, note.in);
    if (overlap > most) [best, most] = [note, overlap];
  }
  return best;
}

/** One line whatever a reader takes for a line's end: some split at U+0085 and U+2028 too. Half a character is none. */
function tidy(text: string): string {
  const line = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return showsSomething.test(line) ? line : '';
}

/** More than blanks, marks of direction, places where a word may end, and other signs that nobody sees. */
const showsSomething = /[^\p{C}\p{Z}]/u;
