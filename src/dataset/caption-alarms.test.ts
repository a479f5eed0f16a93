import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger } from '../rights/index.ts';
import { captionInputSchema, discloseInputSchema, disclosuresInputSchema } from './caption-schema.ts';
import { captionShots } from './caption-shots.ts';
import { captionedInWords, disclosuresInWords } from './caption-words.ts';
import { disclose, disclosures } from './disclose.ts';
import { endpointThat } from './endpoint.test-support.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
let endpoint: Awaited<ReturnType<typeof endpointThat>>;
/** What the endpoint says of the n-th picture. */
let says: (number: number) => string;

const ledger = {
  version: 1,
  parties: [{ id: 'studio', kind: 'org', name: 'The Studio' }],
  titles: [{ id: 'a', name: 'a', files: ['a.mp4'], shares: [{ party: 'studio', share: '100%' }] }],
  grants: [{ id: 'g1', grantor: 'studio', titles: ['a'], territories: ['world'], uses: ['index'] }],
};

/** A cleared film of five shots with pictures, which may be sent to the endpoint. */
beforeAll(async () => {
  workspace = await testContext();
  const { context } = workspace;
  const { db, paths } = context;
  endpoint = await endpointThat((_, number) => ({ says: says(number) }));
  await catalogue(context, 'a', 'a.mp4');
  const [first] = await db.select().from(tables.shotsShots);
  if (!first) throw new Error('a catalogued film has shots');
  await db
    .insert(tables.shotsShots)
    .values([2, 3, 4].map((n) => ({ ...first, id: `sht_a-${n}`, number: n + 1 })));
  await mkdir(paths.thumbnails, { recursive: true });
  const thumbnail = join(paths.thumbnails, 'any.jpg');
  await writeFile(thumbnail, 'a picture');
  await db.update(tables.shotsShots).set({ thumbnail });
  const path = join(paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(ledger));
  await importLedger(context, path);
  const permission = { title: 'a', endpoint: endpoint.url, operator: 'in-house' };
  await disclose(context, discloseInputSchema.parse(permission));
}, 60_000);
afterAll(async () => {
  endpoint.close();
  await workspace.close();
});

const caption = (model: string) =>
  captionShots(
    workspace.context,
    captionInputSchema.parse({ endpoint: endpoint.url, model, perMinute: 6000 }),
    {},
  );

it('captions that repeat are told by the command that wrote them', async () => {
  says = () => 'A man.';
  const report = await caption('dull');
  const message = expect.stringContaining('5 of 5 shots have the same words');
  expect(report).toMatchObject({ captioned: 5, alarms: [{ rule: 'caption-repeated', shots: 5, message }] });
  expect(captionedInWords(report)).toContain('alarm caption-repeated: 5 of 5 shots');
});

it('captions of which four are alike raise no alarm, as in a freeze, nor do those of an earlier command', async () => {
  says = (number) => (number % 5 === 0 ? 'A heron stands.' : 'A man.');
  expect(await caption('wordy')).toMatchObject({ captioned: 5, alarms: [] });
  expect(await caption('dull')).toMatchObject({ captioned: 0, known: 5, alarms: [] });
});

it('what all runs cost is told by title, as the endpoint counts tokens', async () => {
  const prices = disclosuresInputSchema.parse({ priceIn: 3, priceOut: 15 });
  const tokens = { in: 1000, out: 100, unsaid: 0 };
  const told = await disclosures(workspace.context, prices);
  expect(told.totals).toEqual([{ title: 'a', sent: 10, tokens, cost: (1000 * 3 + 100 * 15) / 1e6 }]);
  expect(disclosuresInWords(told)).toContain(
    'a, over all runs: 10 sent, 1000 tokens read, 100 written, cost 0.0045',
  );
  expect((await disclosures(workspace.context)).totals).toMatchObject([{ sent: 10, cost: null }]);
});
