import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { writeReport } from '../review/index.ts';
import { testReport } from '../review/report.test-support.ts';
import { refuseBlocked } from '../train/index.ts';
import { modelsWithStanding } from '../train/standing.ts';
import { listDeliveries, verifyHere } from './delivery/deliver.ts';
import { deliveriesWords, verifiedDeliveryWords } from './delivery/words.ts';
import { showTake } from './show.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace, handOverTake } from './withdrawn.test-support.ts';
import { lineageWords } from './words.ts';

/** A take of two titles that are withdrawn one after the other. */

let context: Context;
let close: () => Promise<void>;
let folder: string;
let page: string;

const dated = { at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) };
const both = ['titles/harbour', 'titles/quarry'].map((row) => ({ row, ...dated }));
const bothOf = (kind: string, id: string) => both.map((one) => ({ kind, id, ...one }));
const revoking = (title: string) => withdraw(context, { territory: 'world', dryRun: false, title });
const saysBoth = (words: string, what: string): void => {
  for (const row of ['harbour', 'quarry'])
    expect(words).toMatch(
      new RegExp(`WITHDRAWN: titles/${row}.*, withdrawn \\d{4}-\\d\\d-\\d\\d, has reached ${what}`),
    );
};

async function reportMixed(): Promise<void> {
  const video = join(context.paths.root, 'one.mp4');
  await writeFile(video, 'a video');
  const { rights: _, ...report } = testReport(video, video);
  const [like] = report.takes;
  if (!like) throw new Error('the made-up report has takes');
  page = await writeReport(context, { ...report, rights: null, takes: [{ ...like, id: 'tak_mixed' }] });
}

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  folder = await handOverTake(context, 'tak_mixed');
  await reportMixed();
  for (const title of ['harbour', 'quarry']) await revoking(title);
});
afterAll(() => close());

it('the take names both, with their dates', async () => {
  const show = await showTake(context, 'tak_mixed');
  expect(show.withdrawn).toEqual(bothOf('take', 'tak_mixed'));
  saysBoth(lineageWords(show), 'take tak_mixed');
});

it('its delivery names both, in the folder and in the list', async () => {
  const verified = await verifyHere(context, folder);
  expect(verified.withdrawn).toEqual(bothOf('take', 'tak_mixed'));
  saysBoth(verifiedDeliveryWords(verified), 'take tak_mixed');
  const deliveries = await listDeliveries(context);
  expect(deliveries[0]?.withdrawn).toEqual(bothOf('take', 'tak_mixed'));
  saysBoth(deliveriesWords({ deliveries, notice: 'n' }), 'take tak_mixed');
});

it('a model of both names both', async () => {
  const models = await modelsWithStanding(context.db);
  const listed = models.find(({ id }) => id === 'mdl_heir');
  expect(listed?.blocked).toEqual(both);
  expect(models.find(({ id }) => id === 'mdl_base')?.blocked).toEqual([]);
});

it('its report names both', async () => {
  const text = await readFile(page, 'utf8');
  for (const row of ['harbour', 'quarry'])
    expect(text).toMatch(new RegExp(`titles/${row}, withdrawn [-\\d]{10}, has reached 1 take here`));
  const report = JSON.parse(await readFile(join(page, '..', 'report.json'), 'utf8'));
  expect(report.takes[0].withdrawn).toEqual(both);
});

it('it stays blocked, and who asks is told both', async () => {
  const refused = refuseBlocked(context.db, [{ kind: 'take', id: 'tak_mixed' }]);
  await expect(refused).rejects.toMatchObject({
    code: 'blocked',
    message: expect.stringMatching(/titles\/harbour, withdrawn .*; titles\/quarry, withdrawn /),
  });
});

it('a withdrawal that is given again adds nothing and keeps its date', async () => {
  const before = (await showTake(context, 'tak_mixed')).withdrawn;
  await revoking('harbour');
  expect((await showTake(context, 'tak_mixed')).withdrawn).toEqual(before);
});
