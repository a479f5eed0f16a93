import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process that was killed leaves its folder behind; one of another container may have a number that is nobody's here, but not for so long. */
const STALE_MS = 6 * 3600 * 1000;
const scratchName = /^backlot-[a-z]+-(\d+)-[A-Za-z0-9]{6}$/;
/** A file that appears while a folder is removed makes that fail; whoever wrote it has ended soon after. */
const removing = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

/**
 * Work with a folder of its own among the temporary files, which is removed in any case. What processes that were killed left there
 * is removed too.
 * @param what a word for the folder's name
 */
export async function withScratch<T>(what: string, work: (folder: string) => Promise<T>): Promise<T> {
  await removeLeft();
  const folder = await mkdtemp(join(tmpdir(), `backlot-${what}-${process.pid}-`));
  const done = await work(folder).catch(async (error) => {
    // What went wrong is what is told, not that its folder could not be removed.
    await rm(folder, removing).catch(() => {});
    throw error;
  });
  await rm(folder, removing);
  return done;
}

async function removeLeft(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = scratchName.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(tmpdir(), name);
    const since = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (Date.now() - since > STALE_MS) await rm(path, removing).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
