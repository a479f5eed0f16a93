import type { z } from 'zod';
import type { Report } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import type { EngineRunner } from './engine-process.ts';

/** The folders of a workspace. All are absolute and lie under `root`. */
export interface WorkspacePaths {
  root: string;
  db: string;
  runs: string;
  datasets: string;
  models: string;
  takes: string;
  thumbnails: string;
  reports: string;
  keys: string;
}

/** What every operation works with. Tests make one with an in-memory database and a temporary folder. */
export interface Context {
  paths: WorkspacePaths;
  db: Db;
  engine: EngineRunner;
  report: Report;
  /** Aborted when the person cancels: long work stops at the next safe point and can be resumed. */
  signal: AbortSignal;
  /** Who acts, for ledgers and the audit log. */
  who: string;
}

/** One thing a stage can do. The CLI, the API and the web mount these; none of them decides anything. */
export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** `<stage>.<verb>`, such as `catalog.add`: also the CLI command and the URL. */
  name: string;
  summary: string;
  /** A command line that works, shown by `--help`. */
  example: string;
  /** What `--help` says after the example. */
  notes?: string;
  input: I;
  output: O;
  /** Fields of the input taken as positional arguments by the CLI, in order; the last may be an array. */
  positional?: readonly string[];
  handler: (context: Context, input: z.output<I>) => Promise<z.input<O>>;
  /** Loads what the first call needs, where it is to answer at once: called while the workspace opens. */
  loads?: () => Promise<unknown>;
  /** Works for more than a moment: goes through the durable queue, can be cancelled and retried. */
  background?: boolean;
  /** What was asked for, of an input that an earlier version queued: it wrote in its defaults as if somebody had said them. */
  asGiven?: (queued: Record<string, unknown>) => object;
  /** Whether this input needs the workspace at `root`, which may not be there; without the field it always does. */
  needsWorkspace?: (input: z.output<I>, root: string) => boolean;
  /** Lets something be learned from, drawn, signed or taken out: refused where the audit log is that of an older copy (ADR 0134). */
  permits?: boolean;
  /** May be the first in a new workspace; the others speak of what one holds, and make none. */
  begins?: boolean;
  /** The result in words; without it the CLI prints the JSON. */
  show?: (output: z.output<O>) => string;
  /** Exit code that the result asks for; 0 without it. */
  exitCode?: (output: z.output<O>) => number;
}

export const defineOperation = <I extends z.ZodType, O extends z.ZodType>(
  operation: Operation<I, O>,
): Operation<I, O> => operation;
