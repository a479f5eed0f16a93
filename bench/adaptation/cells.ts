/** Titles that neither the demo nor the base has seen. */
export const TITLES = ['sugar-mountain', 'little-comet', 'under-the-glass-sea'] as const;
export const SIZES = [5, 10, 20, 40, 80, 160] as const;
/** The size of which a studio's question is asked: what do forty clips give? All seeds are run at this one. */
export const MAIN_SIZE = 40;
export const SEEDS = [21, 22, 23] as const;
/** zero-shot: the base as it ships. retrieval: the training clip whose caption has most of the brief's words. */
export const ARMS = ['zero-shot', 'adapter', 'scratch', 'full', 'retrieval'] as const;

export type Arm = (typeof ARMS)[number];

/** One model, or none, and the briefs that are asked of it. */
export interface Cell {
  arm: Arm;
  title: string;
  clips: number;
  seed: number;
}

/** All cells, those of the main size first. Zero-shot learns from no clips, so it has one size. */
export function plannedCells(quick: boolean): Cell[] {
  if (quick) return ARMS.map((arm) => ({ arm, title: TITLES[0], clips: MAIN_SIZE, seed: SEEDS[0] }));
  const main = SEEDS.flatMap((seed) => cellsOf(ARMS, MAIN_SIZE, seed));
  const others = SIZES.filter((clips) => clips !== MAIN_SIZE);
  const learning = ARMS.filter((arm) => arm !== 'zero-shot');
  return [...main, ...others.flatMap((clips) => cellsOf(learning, clips, SEEDS[0]))];
}

const cellsOf = (arms: readonly Arm[], clips: number, seed: number): Cell[] =>
  arms.flatMap((arm) => TITLES.map((title) => ({ arm, title, clips, seed })));
