import { join } from 'node:path';
import { z } from 'zod';
import { BacklotError, type JobInput, SCRATCH_SHAPE, type Training } from '../contract/index.ts';
import { isOpenBase } from './base.ts';
import { jsonIn } from './json.ts';
import { refuseOtherRate } from './rate.ts';
import type { Lesson } from './recipe.ts';

/** @throws BacklotError `bad-input`, `dataset-mismatch` for what cannot be learned so, before the engine is asked */
export async function refuseUnfit(lesson: Lesson): Promise<void> {
  const { training } = lesson;
  const open = await isOpenBase(lesson.base);
  refuseUneven(training);
  if (open) refuseWhole(training);
  refuseUnused(training, open);
  if (training.method === 'scratch') {
    refuseOddHeads(training);
    refuseNarrow(training, await componentsOf(lesson.base));
  }
  if (training.steps !== undefined) refuseLongWarmup(training, training.steps);
  await refuseOtherRate(lesson);
}

const refused = (where: keyof Training, found: unknown, expected: string, remedy: string): BacklotError =>
  new BacklotError('bad-input', { expected, where, found: String(found), remedy });

/** The processes must have even parts of a batch. */
function refuseUneven({ batch, processes }: Training): void {
  if (batch % processes === 0) return;
  const larger = processes * Math.ceil(batch / processes);
  const remedy = `Ask for a batch of ${larger}, or for another number of processes.`;
  throw refused('processes', processes, `a number of processes that divides the batch of ${batch}`, remedy);
}

/** Of an open base only an adapter is learned. */
function refuseWhole({ method }: Training): void {
  if (method === 'lora') return;
  const remedy = 'Learn an adapter of it (--method lora), or leave --base out.';
  throw refused('method', method, 'lora, as the base is an open one', remedy);
}

/** Options that one method alone looks at. */
const OF_SCRATCH = ['width', 'depth', 'heads'] as const;
const OF_LORA = ['rank', 'prior'] as const;

/** What is given and would not be looked at. */
function refuseUnused(training: Training, open: boolean): void {
  const { method, wordRate, seconds, steps } = training;
  const said = (names: readonly (keyof Training)[]) => names.find((name) => training[name] !== undefined);
  const ofScratch = method === 'scratch' ? undefined : said(OF_SCRATCH);
  if (ofScratch)
    throw unused(training, ofScratch, `the method is ${method}: its base decides`, '--method scratch');
  const ofLora = method === 'lora' ? undefined : said(OF_LORA);
  if (ofLora) throw unused(training, ofLora, `the method is ${method}`, '--method lora');
  if (steps !== undefined && seconds !== undefined)
    throw unused(training, 'seconds', `--steps ${steps} is asked for`, '--seconds alone');
  if (wordRate === undefined || (method === 'lora' && !open)) return;
  const why = open ? 'the base is an open one, which reads words by itself' : `the method is ${method}`;
  throw refused('wordRate', wordRate, `nothing, as ${why}`, 'Leave it out (--word-rate).');
}

const unused = (training: Training, where: keyof Training, why: string, instead: string): BacklotError =>
  refused(where, training[where], `nothing, as ${why}`, `Leave out --${where}, or train with ${instead}.`);

function refuseOddHeads({ width = SCRATCH_SHAPE.width, heads = SCRATCH_SHAPE.heads }: Training): void {
  if (width % heads === 0) return;
  const wider = heads * Math.ceil(width / heads);
  const remedy = `Ask for a width of ${wider} (--width), or for another number of heads (--heads).`;
  throw refused('width', width, `a width that ${heads} heads divide`, remedy);
}

const codecSchema = z.object({ components: z.int() });

/** Numbers in a token of the base's codec. Null where its folder does not say: the engine refuses it by name. */
const componentsOf = async ({ path }: Pick<JobInput, 'path'>): Promise<number | null> =>
  (await jsonIn(join(path, 'codec', 'config.json'), codecSchema))?.components ?? null;

/** The velocity that is learned holds all of a token's noise, which a narrower model cannot carry. */
function refuseNarrow(
  { width = SCRATCH_SHAPE.width, heads = SCRATCH_SHAPE.heads }: Training,
  components: number | null,
): void {
  if (components === null || width >= components) return;
  const wider = heads * Math.ceil(components / heads);
  const remedy = `Ask for a wider one (--width ${wider}), or leave it out.`;
  throw refused('width', width, `at least ${components}, the numbers in a token of the codec`, remedy);
}

/** A rise that was asked for must end within the training; that of the default may not, in very short ones. */
export function refuseLongWarmup({ warmupSteps = 0 }: Training, steps: number): void {
  if (warmupSteps <= steps) return;
  const remedy = `Ask for fewer (--warmup-steps ${Math.ceil(steps / 10)}), or train for longer.`;
  throw refused('warmupSteps', warmupSteps, `at most the ${steps} steps of the training`, remedy);
}
