import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const python =
  process.env.BACKLOT_PYTHON ?? fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));

/** Nothing is looked up, and no cache of the person who runs the tests is read or written. */
const apart = (home: string) => ({
  ...process.env,
  HF_HUB_OFFLINE: '1',
  HF_HOME: home,
  PYTHONDONTWRITEBYTECODE: '1',
});

/** Why a test that needs Python packages cannot run here, or null. They come with `./backlot test`. */
export async function missingPackages(...names: string[]): Promise<string | null> {
  const look = `import importlib.util as u, sys; print(*[n for n in sys.argv[1:] if u.find_spec(n) is None])`;
  const found = await run(python, ['-c', look, ...names]).catch(() => ({ stdout: 'python\n' }));
  const missing = found.stdout.trim();
  return missing === '' ? null : `needs ${missing}: ./backlot test fetches the test tools`;
}

/** What a script of test/support prints as JSON. @param home a folder for the libraries' own caches */
export async function readWith(script: string, args: string[], home: string): Promise<unknown> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await run(python, [path, ...args], { env: apart(home), maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}
