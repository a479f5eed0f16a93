import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const program = new URL('./program.ts', import.meta.url).href;

/** Runs in a process of its own, where nothing is loaded yet, and prints the libraries that the program loads. */
const script = `
  import { registerHooks } from 'node:module';
  const libraries = new Set();
  registerHooks({ load(url, context, next) {
    const [, library] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? [];
    if (library) libraries.add(library);
    return next(url, context);
  } });
  const { buildProgram } = await import(${JSON.stringify(program)});
  buildProgram();
  console.log(JSON.stringify([...libraries]));`;

/** What reads a command line, checks an input and shows progress, and what those bring along. */
const COMMAND_LINE = [
  ...['commander', 'zod', '@clack/prompts'],
  ...['@clack/core', 'sisteransi', 'fast-wrap-ansi', 'fast-string-width', 'fast-string-truncated-width'],
];

it('the whole command line is known without loading a database, a server, a canvas or any other heavy library', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(JSON.parse(stdout).sort()).toEqual(COMMAND_LINE.sort());
});
