import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue } from './catalogued.test-support.ts';
import { decide } from './decide.ts';
import { importLedger } from './import.ts';
import { asking, clearedFile } from './ledgers.test-support.ts';
import { operations } from './operations.ts';
import { newestDecisions, recordedOutcomes } from './recorded.ts';
import { ruleVersion } from './rule-version.ts';

const older = '5-0123456789ab';
const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;

test('a question that names these rules is decided as one that names none; other rules decide nothing', () => {
  expect(decide({ ...asking(), ruleVersion })).toEqual(decide(asking()));
  expect(() => decide({ ...asking(), ruleVersion: older })).toThrow(
    `expected rules ${ruleVersion}, which this version of Backlot decides by`,
  );
});

describe('a workspace', () => {
  let context: Context;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ context, close } = await testContext());
    await catalogue(context, 'harbour', 'harbour.mp4');
    const path = join(context.paths.root, 'ledger.json');
    await writeFile(path, JSON.stringify(clearedFile()));
    await importLedger(context, path);
  });
  afterAll(() => close());

  test.each(['check', 'decide', 'signatures', 'explain'])(
    'asked by rights %s for other rules than these answers nothing and keeps nothing',
    async (name) => {
      const operation = operations.find((one) => one.name === `rights.${name}`);
      const ask = (rules: string) => {
        const shot = name === 'explain' ? { shot: 'sht_harbour-0' } : {};
        const input = operation?.input.parse({ ...day, ...shot, ruleVersion: rules });
        return operation?.handler(context, input);
      };
      await expect(ask(older)).rejects.toMatchObject({ code: 'other-rules' });
      expect(await context.db.select().from(tables.rightsDecisions)).toEqual([]);
      if (name !== 'decide') expect(await ask(ruleVersion)).toMatchObject({ ruleVersion });
    },
  );

  test("keeps what older rules decided beside what these decide, and shows it as nobody's answer", async () => {
    const { db } = context;
    const decisions = await decideShots(context, day);
    await db.update(tables.rightsDecisions).set({ ruleVersion: older, outcome: 'EXCLUDE' });
    expect(await newestDecisions(db, 'train.style')).toBeNull();
    await decideShots(context, day);
    expect(await db.select().from(tables.rightsDecisions)).toHaveLength(2 * decisions.length);
    const newest = await newestDecisions(db, 'train.style');
    const outcomes = newest && (await recordedOutcomes(db, newest));
    expect(outcomes?.map(({ outcome }) => outcome)).toEqual(decisions.map(() => 'ALLOW'));
  });
});
