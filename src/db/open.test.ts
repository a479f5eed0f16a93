import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** What V8 says it freed of compiled code while `code` ran in a process of its own. */
async function freedBy(code: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  return stdout.split('\n').filter((line) => /freed [1-9]/.test(line));
}

const opening = (module: string, open: string) => `
  import { setFlagsFromString } from 'node:v8';
  const { ${open.split(/[.(]/)[0]} } = await import(${JSON.stringify(import.meta.resolve(module))});
  setFlagsFromString('--trace-wasm-code-gc --stress-wasm-code-gc');
  const db = await ${open};
  await (db.$client ?? db).exec('SELECT 1');
  await (db.$client ?? db).close();`;

it('frees no compiled code of a database, which Node may free twice and end the process by', async () => {
  expect(await freedBy(opening('@electric-sql/pglite', 'PGlite.create()'))).not.toEqual([]);
  expect(await freedBy(opening('./open.ts', 'openInMemory()'))).toEqual([]);
});
