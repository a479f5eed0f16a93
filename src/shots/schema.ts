import { z } from 'zod';

const frame = z.int().min(0);

export const transitionTypes = ['cut', 'fade', 'dissolve'] as const;

/** Frames from `in` (inclusive) to `out` (exclusive) that show one shot and nothing mixed. */
export const spanSchema = z.strictObject({ in: frame, out: frame });

/**
 * How one shot becomes the next. A cut has `start` = last frame before and `end` = first frame after, and takes no
 * frame; others have `start` = first mixed and `end` = last mixed frame, and lie outside the shots.
 */
export const transitionSchema = z.strictObject({ start: frame, end: frame, type: z.enum(transitionTypes) });

export type Span = z.infer<typeof spanSchema>;
export type Transition = z.infer<typeof transitionSchema>;
