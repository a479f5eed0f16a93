import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFrameTable, writeFrameTable } from './frame-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-table-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a frame table', () => {
  it('comes back exactly, whatever the timestamps are', async () => {
    const timestamps = fc.array(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(timestamps, async (pts) => {
        const path = join(folder, 'any.pts');
        await writeFrameTable(path, { timeBase: '1/90000', pts });
        expect(await readFrameTable(path)).toEqual({ timeBase: '1/90000', pts });
      }),
      { numRuns: 30 },
    );
  });

  it('of two hours takes a few kilobytes', async () => {
    const path = join(folder, 'long.pts');
    await writeFrameTable(path, {
      timeBase: '1/24000',
      pts: Array.from({ length: 172_800 }, (_, i) => i * 1001),
    });
    expect((await stat(path)).size).toBeLessThan(5000);
  });

  it('that is torn or gone says so', async () => {
    const path = join(folder, 'torn.pts');
    await writeFrameTable(path, { timeBase: '1/24', pts: [0, 1, 2, 4, 8] });
    await truncate(path, (await stat(path)).size - 3);
    await expect(readFrameTable(path)).rejects.toMatchObject({ code: 'frame-table-damaged' });
    await expect(readFrameTable(join(folder, 'none.pts'))).rejects.toMatchObject({
      code: 'frame-table-missing',
    });
  });
});
