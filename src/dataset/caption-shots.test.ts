import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { frameTablePath, writeFrameTable } from '../catalog/frame-table.ts';
import { tables } from '../db/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger } from '../rights/index.ts';
import { captionInputSchema, describeInputSchema, discloseInputSchema } from './caption-schema.ts';
import { captionShots } from './caption-shots.ts';
import { disclosuresInWords } from './caption-words.ts';
import { describeShot } from './describe.ts';
import { disclose, disclosures } from './disclose.ts';
import { endpointThat } from './endpoint.test-support.ts';
import { purgeCaptions } from './purge.ts';
import { searchInputSchema } from './schema.ts';
import { searchShots } from './search.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
let endpoint: Awaited<ReturnType<typeof endpointThat>>;

const grant = (id: string, titles: string[], more: object) => ({
  ...{ id, grantor: 'studio', titles, territories: ['world'] },
  ...more,
});

/** Alpha may be read by vendors, beta in the house alone, gamma may be learned from by anybody. */
const ledger = {
  version: 1,
  parties: [{ id: 'studio', kind: 'org', name: 'The Studio' }],
  titles: ['alpha', 'beta', 'gamma'].map((id) => ({
    ...{ id, name: id, files: [`${id}.mp4`] },
    shares: [{ party: 'studio', share: '100%' }],
  })),
  grants: [
    grant('g1', ['alpha'], { uses: ['index'], trainers: ['in-house', 'vendor', 'third-party'] }),
    grant('g2', ['beta'], { uses: ['index'] }),
    grant('g3', ['gamma'], { uses: ['train.foundation'], trainers: ['third-party'] }),
  ],
};

async function film(name: string): Promise<void> {
  const { context } = workspace;
  await catalogue(context, name, `${name}.mp4`);
  await context.db.insert(tables.shotsPasses).values({ fileId: `fil_${name}`, detector: 'test', facts: {} });
  const pts = Array.from({ length: 48 }, (_, i) => i);
  await writeFrameTable(frameTablePath(context.paths, `fil_${name}`), { timeBase: '1/24', pts });
  for (const n of [0, 1]) await thumbnail(`sht_${name}-${n}`);
}

async function thumbnail(shot: string): Promise<void> {
  const { paths, db } = workspace.context;
  const path = join(paths.thumbnails, `${shot}.jpg`);
  await writeFile(path, `picture of ${shot}`);
  await db.update(tables.shotsShots).set({ thumbnail: path }).where(eq(tables.shotsShots.id, shot));
}

beforeAll(async () => {
  workspace = await testContext();
  await mkdir(workspace.context.paths.thumbnails, { recursive: true });
  for (const name of ['alpha', 'beta', 'gamma']) await film(name);
  const path = join(workspace.context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(ledger));
  await importLedger(workspace.context, path);
}, 60_000);
afterAll(() => workspace.close());

beforeEach(async () => {
  endpoint = await endpointThat((_, number) => ({ says: `somebody juggles ${number} lemons` }));
});
afterEach(async () => {
  endpoint.close();
  const { datasetCaptions, datasetDisclosures, datasetSendings } = tables;
  for (const table of [datasetCaptions, datasetSendings, datasetDisclosures])
    await workspace.context.db.delete(table);
});

const inputOf = (more: object = {}) =>
  captionInputSchema.parse({ endpoint: endpoint.url, model: 'seer', perMinute: 6000, ...more });
const caption = (more: object = {}) => captionShots(workspace.context, inputOf(more), {});
const permit = (title: string, operator: string, more: object = {}) =>
  disclose(
    workspace.context,
    discloseInputSchema.parse({ title, endpoint: endpoint.url, operator, ...more }),
  );
/** The server answers plain http, as one in the house may; who runs it is what the row says. */
const permitVendor = async (title: string, operator = 'vendor') => {
  await permit(title, 'in-house');
  await workspace.context.db.update(tables.datasetDisclosures).set({ operator });
};
const sentFor = () =>
  endpoint.asked
    .map(({ body }) => /base64,([^"]+)/.exec(body)?.[1] ?? '')
    .map((text) => Buffer.from(text, 'base64').toString());
const describeIn = (input: object) => describeShot(workspace.context, describeInputSchema.parse(input));

describe('pictures stay in the house', () => {
  it('until a person has let a title out', async () => {
    await expect(caption()).rejects.toMatchObject({ code: 'nothing-disclosed' });
    await permit('alpha', 'in-house');
    await permit('alpha', 'in-house', { stop: true });
    await expect(caption()).rejects.toMatchObject({ code: 'nothing-disclosed' });
    expect(endpoint.asked).toEqual([]);
    expect(await actsIn(workspace.context.db)).toMatchObject([
      { what: 'rights.import' },
      ...[1, 2].map(() => ({ who: 'test', what: 'dataset.disclose', subject: 'ttl_alpha' })),
    ]);
  });

  it('where the grants are for the house alone, or a third party may not learn from them', async () => {
    await permitVendor('beta');
    await expect(caption()).rejects.toMatchObject({
      ...{ code: 'nothing-cleared', facts: { found: '2 trainer' } },
    });
    await permitVendor('alpha', 'third-party');
    await expect(caption()).rejects.toMatchObject({ code: 'nothing-cleared' });
    expect(endpoint.asked).toEqual([]);
  });

  it('where they would leave it unencrypted', async () => {
    await expect(permit('alpha', 'vendor')).rejects.toMatchObject({ code: 'not-encrypted' });
  });

  it('and do not follow a redirect', async () => {
    endpoint.close();
    const other = await endpointThat(() => ({}));
    endpoint = await endpointThat(() => ({
      status: 307,
      headers: { location: `${other.url}/chat/completions` },
    }));
    await permit('alpha', 'in-house');
    await expect(caption()).rejects.toMatchObject({ code: 'endpoint-unable' });
    expect(other.asked).toEqual([]);
    other.close();
  });
});

describe('captions from an endpoint', () => {
  it('describe the cleared shots of disclosed titles, once, from their pictures and nothing else', async () => {
    await permitVendor('alpha');
    const report = await caption({ priceIn: 2, priceOut: 10 });
    expect(report).toMatchObject({
      ...{ captioned: 2, known: 0, left: {}, failed: {}, titles: ['alpha'] },
      ...{ tokens: { in: 200, out: 20, unsaid: 0 }, cost: 0.0006 },
    });
    expect(sentFor().sort()).toEqual(['picture of sht_alpha-0', 'picture of sht_alpha-1']);
    for (const { path, headers, body } of endpoint.asked) {
      expect([path, headers.authorization]).toEqual(['/v1/chat/completions', undefined]);
      expect(body.replace(/base64,[^"]+/, '')).not.toMatch(/alpha|sht_|mp4/);
    }
    expect(await caption()).toMatchObject({ captioned: 0, known: 2 });
    expect(endpoint.asked).toHaveLength(2);
    const acts = (await actsIn(workspace.context.db)).filter(({ subject }) => subject === endpoint.url);
    expect(acts).toMatchObject([{ who: 'test', what: 'dataset.caption' }]);
    const permitted = await disclosures(workspace.context);
    expect(permitted.disclosures).toMatchObject([{ title: 'alpha', sent: 2 }]);
    expect(disclosuresInWords(permitted).match(/not legal advice/g)).toHaveLength(1);
  });

  it('are sent with the key of the environment, and leave out a shot without a thumbnail', async () => {
    await permitVendor('gamma', 'third-party');
    await workspace.context.db
      .update(tables.shotsShots)
      .set({ thumbnail: '/masters/gamma.mp4' })
      .where(eq(tables.shotsShots.id, 'sht_gamma-1'));
    const report = await captionShots(workspace.context, inputOf(), { BACKLOT_CAPTION_KEY: 'k1' });
    expect(report).toMatchObject({ captioned: 1, left: { no_picture: 1 } });
    expect(endpoint.asked[0]?.headers.authorization).toBe('Bearer k1');
  });

  it('are found by their words, and yield to a person', async () => {
    await permitVendor('alpha');
    await caption();
    const found = async (words: string) =>
      (await searchShots(workspace.context, searchInputSchema.parse({ words }))).shots.map(
        ({ id, source }) => [id, source],
      );
    expect(await found('juggling lemon')).toEqual([
      ['sht_alpha-0', 'model'],
      ['sht_alpha-1', 'model'],
    ]);
    await describeIn({ shot: 'sht_alpha-0', text: 'Tollo peels pears' });
    const described = await describeIn({ shot: 'sht_alpha-0', text: 'Tollo peels limes' });
    const act = { who: 'test', what: 'dataset.describe', subject: 'sht_alpha-0' };
    expect((await actsIn(workspace.context.db)).slice(-2)).toEqual([act, act]);
    expect(described).toMatchObject({
      ...{ caption: 'Tollo peels limes', source: 'person' },
      versions: [
        { source: 'person', caption: 'Tollo peels limes', who: 'test', model: null },
        { source: 'person', caption: 'Tollo peels pears' },
        { source: 'model', model: 'seer' },
      ],
    });
    expect(await found('peel limes')).toEqual([['sht_alpha-0', 'person']]);
    expect(await found('pear')).toEqual([]);
  });

  it('are taken away where their shot is withdrawn, and who wrote them stays known', async () => {
    await describeIn({ shot: 'sht_alpha-0', text: 'Tollo peels pears' });
    expect(await purgeCaptions(workspace.context, ['sht_alpha-0'])).toBe(1);
    expect(await describeIn({ shot: 'sht_alpha-0' })).toMatchObject({
      ...{ source: 'facts', versions: [{ caption: '', who: 'test' }] },
    });
  });
});

describe('an endpoint in trouble', () => {
  const answering = async (reply: Parameters<typeof endpointThat>[0]) => {
    endpoint.close();
    endpoint = await endpointThat(reply);
    await permit('alpha', 'in-house');
  };

  it('is asked again when it said, and after an error of its own', async () => {
    await answering((_, number) => {
      if (number === 1) return { status: 429, headers: { 'retry-after': '1' } };
      return number === 2 ? { status: 500 } : {};
    });
    expect(await caption()).toMatchObject({ captioned: 2, failed: {} });
    const [limited] = endpoint.asked;
    const again = endpoint.asked.find(({ body }, i) => i > 0 && body === limited?.body);
    expect((again?.at ?? 0) - (limited?.at ?? 0)).toBeGreaterThan(990);
  });

  it('is in the log of sendings each time that a picture goes there', async () => {
    const failing = { status: 500, headers: { 'retry-after': '0' } };
    const times = (sent: string) => endpoint.asked.filter(({ body }) => body === sent).length;
    await answering(({ body }) => (times(body) > 2 ? {} : failing));
    expect(await caption()).toMatchObject({ captioned: 2, failed: {}, tokens: { in: 200, unsaid: 4 } });
    const rows = await workspace.context.db.select().from(tables.datasetSendings);
    const reasons = rows.map(({ failure }) => failure ?? 'answered').sort();
    expect(reasons).toEqual(['answered', 'answered', ...Array(4).fill('http_500')]);
    expect((await disclosures(workspace.context)).disclosures).toMatchObject([{ sent: 6 }]);
  });

  it('gets no picture again before the limit of a minute lets one out', async () => {
    const stop = new AbortController();
    await answering(() => {
      setTimeout(() => stop.abort(new Error('stopped')), 300);
      return { status: 429, headers: { 'retry-after': '0' } };
    });
    const context = { ...workspace.context, signal: stop.signal };
    await expect(captionShots(context, inputOf({ perMinute: 1 }), {})).rejects.toThrow('stopped');
    expect(endpoint.asked).toHaveLength(1);
  });

  it('that refuses the key is asked once, not once for each shot', async () => {
    await answering(() => ({ status: 401 }));
    await expect(caption({ perMinute: 60 })).rejects.toMatchObject({ code: 'endpoint-unable' });
    expect(endpoint.asked).toHaveLength(1);
  });

  it('that answers nothing is called unable, however few the pictures are', async () => {
    await answering(() => ({ says: { hello: 1 } }));
    await expect(caption()).rejects.toThrow('2 not_understood');
  });

  it('gives no caption by declining or by answers that are none, which is counted and asked again', async () => {
    await answering((_, number) => ({
      says: number % 2 === 1 ? "I'm sorry, I cannot help with that." : { ok: true },
    }));
    const failed = { declined: 1, not_understood: 1 };
    expect(await caption()).toMatchObject({ failed, tokens: { in: 100, out: 10, unsaid: 1 } });
    await caption();
    expect(endpoint.asked).toHaveLength(4);
  });

  it('loses nothing when the work is stopped: what was answered is not asked again', async () => {
    const stop = new AbortController();
    await answering(() => {
      if (endpoint.asked.length === 2) stop.abort(new Error('stopped'));
      return endpoint.asked.length === 2 ? new Promise(() => {}) : {};
    });
    const context = { ...workspace.context, signal: stop.signal };
    const stopped = captionShots(context, inputOf({ perMinute: 600 }), {});
    await expect(stopped).rejects.toThrow('stopped');
    endpoint.asked.push(...endpoint.asked.slice(0, 1));
    expect(await caption()).toMatchObject({ captioned: 1, known: 1 });
  });

  it('gets no picture a second time after the permission was taken back meanwhile', async () => {
    await answering(async () => {
      await permit('alpha', 'in-house', { stop: true });
      return { status: 429, headers: { 'retry-after': '0' } };
    });
    await expect(caption({ perMinute: 60 })).rejects.toMatchObject({ code: 'rights-changed' });
    expect(endpoint.asked).toHaveLength(1);
  });

  it('gets nothing more once a permission changed', async () => {
    await answering(async (_, number) => {
      if (number === 1) await permit('alpha', 'in-house', { stop: true });
      return {};
    });
    await expect(caption({ perMinute: 60 })).rejects.toMatchObject({ code: 'rights-changed' });
    expect(endpoint.asked).toHaveLength(1);
  });
});
