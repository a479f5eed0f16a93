import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeDb, openInMemory } from '../../src/db/index.ts';
import type { Context, EngineRunner } from '../../src/jobs/index.ts';
import { workspacePaths } from '../../src/jobs/workspace.ts';

const noEngine: EngineRunner = {
  run: () => Promise.reject(new Error('this test did not expect an engine run')),
};

/** A context on a fresh temporary workspace with a database in memory, or the one given; `close` ends both. */
export async function testContext(
  parts: Partial<Context> = {},
): Promise<{ context: Context; close: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'backlot-test-'));
  const db = parts.db ?? (await openInMemory());
  const context: Context = {
    paths: workspacePaths(root),
    db,
    engine: noEngine,
    report: () => {},
    signal: new AbortController().signal,
    who: 'test',
    ...parts,
  };
  const close = async () => {
    await closeDb(db);
    await rm(root, { recursive: true, force: true });
  };
  return { context, close };
}
