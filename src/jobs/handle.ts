import { userInfo } from 'node:os';
import { z } from 'zod';
import { nameDiskFull, type Report } from '../contract/index.ts';
import type { Context, Operation } from './context.ts';
import { workspacePaths } from './workspace.ts';

/**
 * Performs an operation that needs no workspace, beside others or with none at all. It may look for files where the
 * workspace at `root` would have them; asking for the database or the engine is an error of the operation.
 */
export async function handleAlone(
  operation: Operation,
  input: unknown,
  report: Report,
  root: string,
): Promise<unknown> {
  const signal = new AbortController().signal;
  const none = () => {
    throw new Error(`${operation.name} asked for a workspace, but says that it needs none`);
  };
  const context = new Proxy({ paths: workspacePaths(root), report, signal, who: currentUser() } as Context, {
    get: (given, name) => (name in given ? Reflect.get(given, name) : none()),
  });
  return handle(operation, context, input);
}

/** The input as the handler gets it. @throws ZodError that knows what was found */
export const parseInput = (operation: Operation, input: unknown): unknown =>
  operation.input.parse(input, { reportInput: true });

/** Parses the input, calls the handler, checks the output. */
export async function handle(operation: Operation, context: Context, input: unknown): Promise<unknown> {
  const given = parseInput(operation, input);
  const output = operation.output.safeParse(await answerOf(operation, context, given));
  if (output.success) return output.data;
  // Not a ZodError: those say that the caller's input is wrong.
  throw new Error(`${operation.name} gave an answer of the wrong form: ${z.prettifyError(output.error)}`);
}

async function answerOf(operation: Operation, context: Context, input: unknown): Promise<unknown> {
  try {
    return await operation.handler(context, input);
  } catch (error) {
    throw nameDiskFull(error, context.paths.root);
  }
}

export const currentUser = (): string => userInfo().username;
