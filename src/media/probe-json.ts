import { z } from 'zod';

/** The parts of ffprobe's JSON that Backlot reads. Everything that a file may lack is optional. */
const text = z.string().optional();
const tags = z.record(z.string(), z.string()).default({});

const sideDataSchema = z.object({ side_data_type: text, rotation: z.number().optional() });

const streamSchema = z.object({
  codec_type: text,
  codec_name: text,
  codec_tag_string: text,
  profile: text,
  width: z.number().optional(),
  height: z.number().optional(),
  channels: z.number().optional(),
  sample_aspect_ratio: text,
  pix_fmt: text,
  bits_per_raw_sample: text,
  field_order: text,
  color_range: text,
  color_space: text,
  color_transfer: text,
  color_primaries: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  time_base: z.string(),
  duration: text,
  nb_frames: text,
  disposition: z.record(z.string(), z.number()).default({}),
  tags,
  side_data_list: z.array(sideDataSchema).default([]),
});

export const rawProbeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: text, duration: text, tags }),
});

export type RawStream = z.infer<typeof streamSchema>;
export type RawProbe = z.infer<typeof rawProbeSchema>;
