import { z } from 'zod';

const timecode = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d[:;.]\d{2,3}$/;

const pointWords = 'a frame counted from 0, or a timecode such as 01:00:04:12';

const pointSchema = z.union(
  [
    z.int({ error: pointWords }).min(0, { error: pointWords }),
    z.string().regex(timecode, { error: pointWords }),
  ],
  { error: pointWords },
);

/** `[in, out)`: `out` is the first frame or timecode after the range. */
export const rangeSchema = z.strictObject({ in: pointSchema, out: pointSchema });
