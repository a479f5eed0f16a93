import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import type { Context } from '../../jobs/index.ts';
import type { ListedDelivery } from '../delivery-schema.ts';
import { showTake } from '../show.ts';
import { withdraw } from '../withdraw.ts';
import { fillWorkspace, handOverTake } from '../withdrawn.test-support.ts';
import { lineageWords } from '../words.ts';
import { listDeliveries, verifyDelivery, verifyHere } from './deliver.ts';
import { deliveriesWords, verifiedDeliveryWords } from './words.ts';

let context: Context;
let close: () => Promise<void>;
let folder: string;
const said =
  /WITHDRAWN: titles\/quarry, withdrawn \d{4}-\d\d-\d\d, has reached take tak_quarry; it is blocked\./;
const reached = [{ kind: 'take', id: 'tak_quarry', row: 'titles/quarry', at: expect.any(String) }];
const listed = (deliveries: ListedDelivery[]) => deliveriesWords({ deliveries, notice: 'n' });

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  folder = await handOverTake(context, 'tak_quarry');
});
afterAll(() => close());

it('before a withdrawal nothing is said of one', async () => {
  const verified = await verifyHere(context, folder);
  expect(verified).toMatchObject({ whole: true, withdrawn: [] });
  const deliveries = await listDeliveries(context);
  const show = await showTake(context, 'tak_quarry');
  expect(show.withdrawn).toEqual([]);
  for (const words of [verifiedDeliveryWords(verified), listed(deliveries), lineageWords(show)])
    expect(words).not.toContain('WITHDRAWN');
  expect(verifiedDeliveryWords(verified)).toContain('The ledger in force at hand-over allowed generate.temp');
});

it('a withdrawal since is told by the folder, the list of deliveries and the take', async () => {
  await withdraw(context, { territory: 'world', dryRun: false, title: 'quarry' });
  const verified = await verifyHere(context, folder);
  expect(verified).toMatchObject({ whole: true, problems: [], withdrawn: reached });
  expect(verifiedDeliveryWords(verified)).toMatch(said);
  const deliveries = await listDeliveries(context);
  expect(deliveries.map(({ withdrawn }) => withdrawn)).toEqual([reached]);
  expect(listed(deliveries)).toMatch(said);
  const show = await showTake(context, 'tak_quarry');
  expect(show.withdrawn).toEqual(reached);
  expect(lineageWords(show)).toMatch(said);
});

it('without a workspace nobody is asked', async () => {
  expect(await verifyDelivery(folder)).toMatchObject({ whole: true, withdrawn: null });
});
