import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const knownModules = new URL('./known-modules.ts', import.meta.url).href;
const db = new URL('../db/open.ts', import.meta.url).href;

interface Loading {
  /** Which of the library's files were loaded, and as what. */
  files: string[];
  /** How often Node itself looked a file up for another of the library. */
  asked: number;
}

/** Opens nothing: loads what opens a database, in a process of its own. */
async function load(first: string): Promise<Loading> {
  const script = `
    import { registerHooks } from 'node:module';
    const files = []; let asked = 0;
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier.startsWith('.') && context.parentURL?.includes('/drizzle-orm/')) asked++;
        return next(specifier, context);
      },
      load(url, context, next) {
        const loaded = next(url, context);
        if (url.includes('/drizzle-orm/')) files.push(url + ' ' + loaded.format);
        return loaded;
      },
    });
    ${first}
    await import(${JSON.stringify(db)});
    console.log(JSON.stringify({ files: files.sort(), asked }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout) as Loading;
}

it('the very same files of the database library are loaded, without looking up each of them', async () => {
  const told = await load(`(await import(${JSON.stringify(knownModules)})).nameKnownModules();`);
  const untold = await load('');
  expect(untold.asked).toBeGreaterThan(untold.files.length);
  expect(told).toEqual({ files: untold.files, asked: 0 });
});
