import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { proposeMapping } from './mapping.ts';
import { importRegister } from './register.ts';
import type { RegisterSection } from './schema.ts';

/** A workspace in which one title's ledger is in force before each test. */
export let context: Context;
let count = 0;

/** Called once by each file of tests. */
export function useWorkspace(): void {
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ context, close } = await testContext());
  });
  afterAll(() => close());
  beforeEach(async () => {
    await forgetLedgers(context);
    const path = await file('ledger.json', JSON.stringify(clearedFile()));
    await importLedger(context, path);
  });
}

export async function file(name: string, text: string | Buffer): Promise<string> {
  const path = join(context.paths.root, `${count++}-${name}`);
  await writeFile(path, text);
  return path;
}

export const head = 'Contract No,Licensor,Title ID,Use,Territory,Start date,End date,Desk';
export const good = [
  'n1,studio,harbour,condition; eval,DE|FR,2026-01-01,2027-01-01,3',
  'n2,studio,harbour,distil,world,,2026-05-01T12:00:00Z,"4, left"',
];

/** A register with a mapping that counts as confirmed. */
export async function confirmed(
  csv: string,
  change = (yaml: string) => yaml,
  section: RegisterSection = 'grants',
): Promise<[string, string]> {
  const register = await file('contracts.csv', csv);
  const mapping = `${register}.yaml`;
  await proposeMapping(register, section, mapping);
  const yaml = (await readFile(mapping, 'utf8')).replace('confirmed: false', 'confirmed: true');
  await writeFile(mapping, change(yaml));
  return [register, mapping];
}

/** Why a register is refused, a line each; nothing of it may be recorded. */
export const refusal = async (csv: string, change?: (yaml: string) => string): Promise<string[]> =>
  (await refused(csv, change)).message.split('\n').map((line) => line.trim());

export const refused = async (csv: string, change?: (yaml: string) => string): Promise<Error> => {
  const [register, mapping] = await confirmed(csv, change);
  const before = await context.db.select().from(tables.rightsRows);
  const error = await importRegister(context, register, mapping).then(
    () => new Error('it was imported'),
    (thrown: Error) => thrown,
  );
  expect(await context.db.select().from(tables.rightsRows)).toEqual(before);
  return error;
};
