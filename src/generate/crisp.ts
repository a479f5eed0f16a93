import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobInput, type TakeLine, takeLineSchema } from '../contract/index.ts';
import { artifactSchema, type Context, type EngineRunResult, progressOf } from '../jobs/index.ts';
import type { Model } from '../train/index.ts';
import { mustHash } from './must-hash.ts';

/** Where a run that succeeded has left what it names. */
type Left = Pick<EngineRunResult, 'directory'> & { outcome: Pick<EngineRunResult['outcome'], 'result'> };

/** The file of takes that a run has marked. */
export function takesOf({ directory, outcome }: Left): JobInput {
  const { path, sha256 } = artifactSchema.parse(outcome.result.takes);
  return { path: join(directory, path), sha256 };
}

/** Lines of a JSONL file of takes; the raw frames lie beside it. @throws BacklotError `takes-altered` */
export async function readTakeLines({ path, sha256 }: JobInput): Promise<TakeLine[]> {
  const bytes = await readFile(path);
  mustHash(path, bytes, sha256);
  return takeLinesIn(bytes.toString());
}

/** Takes of a JSONL text, a line each. */
export const takeLinesIn = (text: string): TakeLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => takeLineSchema.parse(JSON.parse(line)));

/** Frames of takes, larger and crisp. */
export interface Crisp {
  lines: TakeLine[];
  directory: string;
  /** Frames this large are kept no longer than their videos need: the same run makes the same bytes again. */
  forget(): Promise<void>;
}

/** Makes all takes of a generate run larger and crisp; the takes stay as they are. */
export async function crispTakes(context: Context, takes: JobInput, upscaler: Model): Promise<Crisp> {
  let run = await upscale(context, takes, upscaler);
  if (!existsSync(join(run.directory, FRAMES))) {
    await rm(run.directory, { recursive: true });
    run = await upscale(context, takes, upscaler);
  }
  const { directory } = run;
  const lines = await readTakeLines(takesOf(run));
  return { lines, directory, forget: () => rm(join(directory, FRAMES), { recursive: true }) };
}

/** Where the engine puts frames, in the directory of its run. */
const FRAMES = 'upscaled';

function upscale(context: Context, takes: JobInput, { path, sha256 }: Model): Promise<EngineRunResult> {
  return context.engine.run(
    {
      kind: 'upscale',
      seed: 0,
      upscaler: { path, sha256 },
      takes,
      precision: 'bf16',
    },
    progressOf(context.report, 'takes'),
    context.signal,
  );
}
