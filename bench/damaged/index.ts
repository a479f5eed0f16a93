import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddOutput, addFiles } from '../../src/catalog/index.ts';
import { messageOf, type Report } from '../../src/contract/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { decodeFrames } from '../../src/media/index.ts';
import { testContext } from '../../test/support/context.ts';
import { type Damaged, damagedFiles, KINDS, type Kind } from './damage.ts';
import { sourcesIn } from './sources.ts';

/** Is every damaged film catalogued with frames that decode, or refused with a reason, and never touched? */

const seed = 1;
/** Files in this call take a share of the counts where a smaller sample is asked for. */
const quickShare = 0.05;
const lanes = 4;
/** Longer than the product's own watchdog (60 s without progress): a file that reaches this hangs. */
const hangMs = 120_000;

interface Row {
  what: string;
  value: number | string;
  unit: string;
  n?: number;
}

/** What became of one file. `trouble`: a crash, a hang, a changed master, an answer that does not hold. */
interface Outcome {
  kind: Kind;
  answer: string;
  trouble: string | null;
}

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = performance.now();
  const dir = await mkdtemp(join(tmpdir(), 'bench-damaged-'));
  try {
    const sources = await sourcesIn(dir, seed);
    const files = [...damagedFiles(sources, seed, quick ? quickShare : 1)];
    await mkdir(join(dir, 'films'));
    const outcomes = await inLanes(files, join(dir, 'films'), report);
    const seconds = (performance.now() - started) / 1000;
    return { bench: 'damaged', seed, rows: rowsOf(outcomes, sources.length), seconds };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Several catalogues at once, each with its own files: what is asked is what becomes of a file, not how fast. */
async function inLanes(files: readonly Damaged[], folder: string, report: Report): Promise<Outcome[]> {
  const left = [...files.entries()];
  const outcomes: Outcome[] = [];
  const lane = async () => {
    const { context, close } = await testContext({});
    for (let next = left.shift(); next; next = left.shift()) {
      const [done, file] = next;
      report({ phase: 'damaged files', done, total: files.length, unit: 'files', note: file.name });
      outcomes[done] = await outcomeOf(context, join(folder, file.name), file);
    }
    await close();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return outcomes;
}

async function outcomeOf(context: Context, path: string, { kind, bytes }: Damaged): Promise<Outcome> {
  await writeFile(path, bytes);
  const before = await printOf(path);
  const found = await added(context, path).catch((error: unknown) => ({
    answer: 'crashed',
    trouble: messageOf(error),
  }));
  const changed = (await printOf(path)) === before ? null : 'the master changed';
  await rm(path);
  const trouble = found.trouble ?? changed;
  return { kind, answer: found.answer, trouble: trouble && `${path.split('/').at(-1)}: ${trouble}` };
}

async function added(context: Context, path: string): Promise<Omit<Outcome, 'kind'>> {
  const signal = AbortSignal.timeout(hangMs);
  const answer = await addFiles({ ...context, signal }, { paths: [path] });
  const refusal = answer.refused[0];
  if (refusal) return { answer: refusal.code, trouble: unclear(refusal) };
  if (answer.known[0]) return { answer: 'known', trouble: null };
  const film = answer.added[0];
  if (film?.kind !== 'film')
    return { answer: film ? 'sidecar' : 'undecided', trouble: film ? null : 'no answer' };
  const name = film.flags.includes('damaged') ? 'catalogued, damaged' : 'catalogued';
  return { answer: name, trouble: await undecodable(path, film.frames) };
}

/** A refusal says what was found and what to do: `found: remedy`. */
function unclear({ code, reason }: AddOutput['refused'][number]): string | null {
  if (code === 'decode-hangs') return `hangs: ${reason}`;
  return /^.{5,}: .{8,}/s.test(reason) ? null : `unclear reason: ${reason}`;
}

/** Whether the passes of later stages meet as many frames as the catalogue counted. */
async function undecodable(path: string, frames: number): Promise<string | null> {
  const size = { width: 16, height: 16, pixelFormat: 'gray' } as const;
  const decoded = await decodeFrames(path, size, () => {}).catch((error: unknown) => messageOf(error));
  return decoded === frames ? null : `catalogued with ${frames} frames, later decoded: ${decoded}`;
}

async function printOf(path: string): Promise<string> {
  const { mtimeMs, mode } = await stat(path);
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return `${hash} ${mtimeMs} ${mode}`;
}

function rowsOf(outcomes: readonly Outcome[], sources: number): Row[] {
  const troubled = outcomes.flatMap(({ trouble }) => (trouble === null ? [] : [trouble]));
  const having = (pattern: RegExp) => troubled.filter((text) => pattern.test(text)).length;
  return [
    { what: 'files decided', value: outcomes.length, unit: 'files', n: outcomes.length },
    { what: 'films they were made from', value: sources, unit: 'films' },
    { what: 'crashes', value: outcomes.filter(({ answer }) => answer === 'crashed').length, unit: 'files' },
    { what: 'hangs', value: having(/hangs|TimeoutError|timeout/), unit: 'files' },
    { what: 'masters changed', value: having(/master changed/), unit: 'files' },
    { what: 'refused without a clear reason', value: having(/unclear reason/), unit: 'files' },
    { what: 'catalogued, but later passes meet other frames', value: having(/later decoded/), unit: 'files' },
    ...countsOf(outcomes),
    ...troubled.map((text) => ({ what: 'trouble', value: text, unit: '' })),
  ];
}

function countsOf(outcomes: readonly Outcome[]): Row[] {
  return (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const own = outcomes.filter((outcome) => outcome.kind === kind);
    const answers = Map.groupBy(own, ({ answer }) => answer);
    return [...answers].toSorted().map(([answer, { length }]) => ({
      what: `${kind}: ${answer}`,
      value: length,
      unit: 'files',
      n: own.length,
    }));
  });
}
