import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FOOTAGE } from '../footage.ts';

/** Real films with boundaries checked by eye. */
export interface RealFilm {
  path: string;
  /** First frames after a hard cut that a person confirmed. */
  cuts: number[];
  /** Whether all of the film's cuts are listed; otherwise what else is found is not wrong. */
  complete: boolean;
  /** Frames, both included, in which a person saw no transition though it looks like one. */
  traps: [number, number][];
  /** Stretches that hold gradual transitions: no part of a shot. */
  mixed: [number, number][];
}

/**
 * Gradual stretches that the lists leave out or give roughly; looked at frame by frame when this bench was written, so
 * that composed films are cut from clean shots. bbb_A: fade in, two titles over the picture, a dissolve.
 */
const mixed: Record<string, [number, number][]> = {
  'bbb_A_f00000.mp4': [
    [0, 60],
    [580, 793],
  ],
  // Leaves fill the picture and give way to sky: the list itself calls it ambiguous.
  'bbb_D_f10185.mp4': [
    [278, 290],
    [860, 925],
  ],
  'tears_of_steel_500x208.h264': [[0, 213]],
};

/** A cut between two views of one place that the list of high-contrast cuts leaves out; looked at by eye. */
const unlisted: Record<string, number[]> = { 'popeye_p1_1440x1074_hevc_pgs.mkv': [1086] };

const listSchema = z.object({
  transitions: z.array(z.object({ first_of_next: z.int(), kind: z.string() })),
  hard_negatives: z.array(z.object({ from_: z.int(), to: z.int() })).default([]),
});

const cutsSchema = z.record(
  z.string(),
  z.object({ hard_cuts: z.array(z.object({ first_of_next: z.int() })) }),
);

const complete: [string, string][] = [
  ['bbb_A_f00000.mp4', 'bbb_A_f00000.json'],
  ['bbb_B_f01874.mp4', 'bbb_B_f01874.json'],
  ['bbb_D_f10185.mp4', 'bbb_D_f10185.json'],
  ['tears_of_steel_500x208.h264', 'tos_opening.json'],
];
const cutsOnly = ['popeye_p1_1440x1074_hevc_pgs.mkv', 'sintel_trailer_480x204_h264.mp4'];

/** The real films, or none where the footage is absent. */
export function realFilms(): RealFilm[] {
  if (!existsSync(join(FOOTAGE, 'truth'))) return [];
  const read = (name: string): unknown => JSON.parse(readFileSync(join(FOOTAGE, 'truth', name), 'utf8'));
  const at = (name: string) => ({ path: join(FOOTAGE, 'catalog', name), mixed: mixed[name] ?? [] });
  const whole = complete.map(([film, list]) => {
    const { transitions, hard_negatives } = listSchema.parse(read(list));
    const cuts = transitions.filter(({ kind }) => kind === 'hard').map((t) => t.first_of_next);
    const traps = hard_negatives.map(({ from_, to }): [number, number] => [from_, to]);
    return { ...at(film), cuts, complete: true, traps };
  });
  const lists = Object.entries(cutsSchema.parse(read('eye_checked_hard_cuts.json')));
  const partly = cutsOnly.map((film) => {
    const cuts = lists.find(([name]) => basename(name) === film)?.[1].hard_cuts ?? [];
    const known = [...cuts.map((c) => c.first_of_next), ...(unlisted[film] ?? [])];
    return { ...at(film), cuts: known, complete: false, traps: [] };
  });
  return [...whole, ...partly];
}
