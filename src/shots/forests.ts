import cuts from './forests/cuts.json' with { type: 'json' };
import gradual from './forests/gradual.json' with { type: 'json' };
import sketch from './forests/sketch.json' with { type: 'json' };
import type { Forest } from './trees.ts';

/** What a detector has learned: how likely a step is a cut, a stretch worth a close look, and a dissolve or wipe (ADR 0061). */
export type Forests = Record<'cuts' | 'sketch' | 'gradual', Forest>;

/** The forests that it comes with. */
export const ownForests: Forests = { cuts, sketch, gradual };

/** What findings are made with, besides the frames. */
export interface Knowledge {
  /** Frames in a second. */
  second: number;
  forests: Forests;
}
