import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const moduleAt = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** The libraries that `code` loads in a process of its own, where nothing is loaded yet. */
async function librariesOf(code: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    scriptOf(code),
  ]);
  return (JSON.parse(stdout) as string[]).sort();
}

const scriptOf = (code: string): string => `
  import { registerHooks } from 'node:module';
  const libraries = new Set();
  registerHooks({ load(url, context, next) {
    const [, library] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? [];
    if (library) libraries.add(library);
    return next(url, context);
  } });
  ${code}
  console.log(JSON.stringify([...libraries]));`;

/** What reads a command line and checks an input. */
const COMMAND_LINE = ['commander', 'zod'];

it('the whole command line is known without loading a database, a server, a canvas or any other heavy library', async () => {
  const built = `const { buildProgram } = await import(${moduleAt('./program.ts')}); buildProgram();`;
  expect(await librariesOf(built)).toEqual(COMMAND_LINE);
});

it('a shot is explained without loading what reads films', async () => {
  const explaining = `await import(${moduleAt('../rights/explain.ts')});`;
  const loaded = await librariesOf(explaining);
  expect(loaded).toContain('drizzle-orm');
  expect(loaded.filter((name) => ['@napi-rs/canvas', 'cborg', 'csv-parse', 'saxes'].includes(name))).toEqual(
    [],
  );
});
