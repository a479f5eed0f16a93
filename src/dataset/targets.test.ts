import { describe, expect, it } from 'vitest';
import { exportInputSchema } from './export-schema.ts';
import { askOf, fitting, refuseShape } from './targets.ts';

describe('what a target asks of its clips', () => {
  it('is 4n+1 frames at 16 a second for Wan and 8n+1 at 24 for LTX, unless another rate and size are asked for', () => {
    expect(askOf('musubi-tuner', {})).toMatchObject({ fps: '16', width: 832, height: 480, frames: null });
    expect(askOf('ltx-trainer', {})).toMatchObject({ fps: '24', width: 768, height: 512, frames: null });
    expect(askOf('ltx-trainer', { fps: '25', frames: 121 })).toMatchObject({ fps: '25', frames: 121 });
  });

  it('refuses frames and sides that the codec cannot take, with the rule', () => {
    const refused = (format: 'musubi-tuner' | 'ltx-trainer', input: Parameters<typeof askOf>[1]) =>
      expect(() => askOf(format, input)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    refused('musubi-tuner', { frames: 20 });
    refused('ltx-trainer', { frames: 21 });
    refused('ltx-trainer', { width: 720 });
    expect(askOf('musubi-tuner', { frames: 21, width: 720 })).toMatchObject({ frames: 21 });
  });

  it('is nothing for the engine, which reads clips as they were frozen', () => {
    const input = exportInputSchema.parse({ to: 'x' });
    refuseShape(input);
    expect(() => refuseShape({ ...input, fps: '16' })).toThrow('--fps');
  });

  it('leaves a frame to spare for a reader that may count one too few', () => {
    const wan = { step: 4, spare: 0 };
    expect([4, 5, 8, 9, 22].map((slots) => fitting(slots, wan))).toEqual([0, 5, 5, 9, 21]);
    expect([5, 6, 21, 22].map((slots) => fitting(slots, { step: 4, spare: 1 }))).toEqual([0, 5, 17, 21]);
    expect([8, 9, 33].map((slots) => fitting(slots, { step: 8, spare: 0 }))).toEqual([0, 9, 33]);
  });
});
