import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TakeLine, takeLineSchema } from '../contract/index.ts';
import { type Context, fileHash, progressOf } from '../jobs/index.ts';
import type { Model } from '../train/index.ts';

/** Lines of a JSONL file of takes; the raw frames lie beside it. */
export async function readTakeLines(path: string): Promise<TakeLine[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => takeLineSchema.parse(JSON.parse(line)));
}

/** Frames of takes, larger and crisp. */
export interface Crisp {
  lines: TakeLine[];
  directory: string;
  /** Frames this large are kept no longer than their videos need: the same run makes the same bytes again. */
  forget(): Promise<void>;
}

/** Makes all takes of a generate run larger and crisp; the takes stay as they are. */
export async function crispTakes(context: Context, takes: string, upscaler: Model): Promise<Crisp> {
  let directory = await upscale(context, takes, upscaler);
  if (!existsSync(join(directory, FRAMES))) {
    await rm(directory, { recursive: true });
    directory = await upscale(context, takes, upscaler);
  }
  const lines = await readTakeLines(join(directory, 'upscaled.jsonl'));
  return { lines, directory, forget: () => rm(join(directory, FRAMES), { recursive: true }) };
}

/** Where the engine puts frames, in the directory of its run. */
const FRAMES = 'upscaled';

async function upscale(context: Context, takes: string, { path, sha256 }: Model): Promise<string> {
  const { directory } = await context.engine.run(
    {
      kind: 'upscale',
      seed: 0,
      upscaler: { path, sha256 },
      takes: { path: takes, sha256: await fileHash(takes) },
      precision: 'bf16',
    },
    progressOf(context.report, 'takes'),
    context.signal,
  );
  return directory;
}
