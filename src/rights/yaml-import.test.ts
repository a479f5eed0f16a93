import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';

test('an import tells how far a large ledger in YAML is read, and others get their turn meanwhile', async () => {
  const told: number[] = [];
  let turns = 0;
  const report: Context['report'] = ({ phase, done, total }) => {
    if (phase !== 'reading the ledger') return;
    told.push(done / total);
    setImmediate(() => turns++);
  };
  const { context, close } = await testContext({ report });
  try {
    const people = Array.from({ length: 4_000 }, (_, i) => ({
      id: `p${i}`,
      kind: 'person',
      name: `Person ${i}`,
    }));
    const file = clearedFile();
    const path = join(context.paths.root, 'ledger.yaml');
    await writeFile(path, stringify({ ...file, parties: [...(file.parties ?? []), ...people] }));
    expect((await importLedger(context, path)).rows.parties).toBe(4_002);
    expect(told.length).toBeGreaterThan(3);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeCloseTo(1, 3);
    expect(turns).toBeGreaterThan(3);
  } finally {
    await close();
  }
});
