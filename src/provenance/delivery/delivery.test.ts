import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actsIn } from '../../../test/support/audit.ts';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import { type Context, fileHash, registerBase } from '../../jobs/index.ts';
import { encodeVideo } from '../../media/index.ts';
import { catalogue } from '../../rights/catalogued.test-support.ts';
import { importLedger, type LedgerFile, type Use } from '../../rights/index.ts';
import type { DeliverInput } from '../delivery-schema.ts';
import { withdraw } from '../withdraw.ts';
import { deliver, listDeliveries, verifyDelivery } from './deliver.ts';
import { declarationWords } from './words.ts';

let context: Context;
let close: () => Promise<void>;

const ledger: LedgerFile = {
  version: 1,
  parties: [
    { id: 'studio', kind: 'org', name: 'Example Studio' },
    { id: 'ann', kind: 'person', name: 'Ann Example' },
  ],
  titles: [
    { id: 'harbour', name: 'Harbour', files: ['harbour.mp4'], shares: [{ party: 'studio', share: '100%' }] },
  ],
  grants: [
    {
      ...{ id: 'g1', grantor: 'studio', titles: ['harbour'], territories: ['world'] },
      uses: ['train.style', 'generate.temp'],
    },
    { id: 'g2', grantor: 'studio', titles: ['harbour'], territories: ['world'], uses: ['generate.temp'] },
  ],
  consents: [
    {
      ...{ id: 'c1', party: 'ann', answer: 'given', titles: ['harbour'], territories: ['world'] },
      ...{ uses: ['train.style', 'generate.final'], described: 'style training and takes' },
    },
  ],
  appearances: [
    { id: 'a1', party: 'ann', title: 'harbour', file: 'harbour.mp4', shots: 'all', status: 'confirmed' },
  ],
};

const origin = {
  ...{
    id: '1'.repeat(64),
    file: Buffer.from('harbour').toString('hex').padEnd(64, '0'),
    shot: 'sht_harbour-0',
  },
  ...{ frames: [0, 2], crop: { x: 0, y: 0, width: 96, height: 64 }, deinterlaced: false },
  decision: { outcome: 'ALLOW', grants: ['g1'] },
};

async function addTake(id: string, modelId: string, references: object[] = []): Promise<void> {
  const videoPath = join(context.paths.takes, `${id}.mp4`);
  const frames = [Buffer.alloc(32 * 32 * 3, 90), Buffer.alloc(32 * 32 * 3, 120)];
  await encodeVideo({ path: videoPath, width: 32, height: 32, fps: '12', frames });
  const brief = { id: 'b1', text: 'a pier', references };
  const made = { briefId: 'b1', brief, modelId, runId: 'run_1', candidate: 0, seed: 1 };
  const files = { rawPath: '', rawSha256: '', videoPath, videoSha256: await fileHash(videoPath) };
  await context.db.insert(tables.generateTakes).values({ id, ...made, ...files });
}

beforeAll(async () => {
  ({ context, close } = await testContext());
  const { db, paths } = context;
  await chmod(paths.root, 0o700);
  await mkdir(paths.takes, { recursive: true });
  await catalogue(context, 'harbour', 'harbour.mp4');
  const file = join(paths.root, 'ledger.json');
  await writeFile(file, JSON.stringify(ledger));
  const { ledger: ledgerId } = await importLedger(context, file);
  const options = { use: 'train.style', territory: 'world', asOf: '2026-05-01' };
  const record = { options, rights: { ledger: ledgerId, ruleVersion: '1' } };
  const path = join(paths.datasets, 'one');
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'clips.jsonl'), `${JSON.stringify(origin)}\n`);
  await db.insert(tables.datasetSnapshots).values({ id: 'dst_1', digest: 'c'.repeat(64), path, record });
  const clip = { snapshotId: 'dst_1', clipId: origin.id, shotId: origin.shot, titleId: 'ttl_harbour' };
  await db.insert(tables.datasetClips).values({ ...clip, split: 'train', caption: 'a pier' });
  const model = { path: '/m', sha256: 'b'.repeat(64), record: {} };
  await db.insert(tables.trainModels).values([
    { id: 'mdl_base', name: 'open base', kind: 'base', ...model },
    { id: 'mdl_1', name: 'harbour', kind: 'adapter', ...model, baseId: 'mdl_base', snapshotId: 'dst_1' },
  ]);
  await addTake('tak_1', 'mdl_1');
  await addTake('tak_2', 'mdl_base');
  const film = Buffer.from('harbour').toString('hex').padEnd(64, '0');
  await addTake('tak_3', 'mdl_base', [{ role: 'video', path: '/masters/harbour.mp4', sha256: film }]);
});
afterAll(() => close());

const at = (name: string) => join(context.paths.root, name);
const handing = (to: string, parts: Partial<DeliverInput> = {}) =>
  deliver(context, {
    ...{ takes: ['tak_1'], to: at(to), purpose: 'temp', recreates: 'no', secured: 'yes', replaces: 'no' },
    ...parts,
  });

/** As if the snapshot had been frozen with other options. */
async function frozenFor(options: object, meanwhile: () => Promise<void>): Promise<void> {
  const { db } = context;
  const of = eq(tables.datasetSnapshots.id, 'dst_1');
  const [row] = await db.select().from(tables.datasetSnapshots).where(of);
  const asked = { use: 'train.style', territory: 'world', asOf: '2026-05-01', ...options };
  const record = { ...(row?.record as object), options: asked };
  await db.update(tables.datasetSnapshots).set({ record }).where(of);
  await meanwhile();
  await db.update(tables.datasetSnapshots).set({ record: row?.record }).where(of);
}

async function agreeToReplicas(): Promise<void> {
  const add = <T extends { uses: unknown }>(row: T) => ({
    ...row,
    uses: [...(row.uses as Use[]), 'generate.replica' as const],
  });
  const consents = ledger.consents?.map((row) => ({ ...add(row), advisedBy: 'union' as const }));
  const file = join(context.paths.root, 'agreed.json');
  await writeFile(file, JSON.stringify({ ...ledger, grants: ledger.grants?.map(add), consents }));
  await importLedger(context, file);
}

const productionData = async (to: string, parts: Partial<DeliverInput>) =>
  (await handing(to, parts)).declaration.answers.find(({ question }) => question === 'productionData');

describe('a delivery', () => {
  it('holds the signed takes and five answers, each proved or on the word of the person named', async () => {
    const { id, declaration } = await handing('one', { saidBy: 'Lea Counsel', note: 'for the animatic' });
    expect((await readdir(at('one'))).sort()).toEqual([
      'declaration.dsse.json',
      'declaration.json',
      'signing-key.pem',
      'tak_1.mp4',
    ]);
    expect(
      declaration.answers.map(({ question, answer, basis, saidBy }) => [question, answer, basis, saidBy]),
    ).toEqual([
      ['recreates', 'no', 'said', 'Lea Counsel'],
      ['productionData', 'yes', 'proved', null],
      ['secured', 'yes', 'said', 'Lea Counsel'],
      ['purpose', 'temp', 'said', 'Lea Counsel'],
      ['replaces', 'no', 'said', 'Lea Counsel'],
    ]);
    const words = declarationWords(declaration);
    expect(words).toContain('Dataset dst_1 holds harbour: cleared for train.style by ledger ldg_');
    expect(words).toContain(
      'The ledger in force at hand-over allowed generate.temp for all 1 shots that were trained on, in world.',
    );
    expect(words).toContain('ann is seen in harbour (a1): consent c1 given');
    expect(words).toContain(
      "The key of the test identity that signs takes lies inside the workspace's folder",
    );
    expect(words.match(/legal advice/g)).toHaveLength(1);
    const asked = { use: 'generate.temp', territory: 'world', trainer: 'in-house', shots: 1 };
    expect(declaration.decided).toMatchObject([{ ...asked, grants: ['g1', 'g2'] }]);
    expect(await listDeliveries(context)).toMatchObject([{ id, declaration }]);
    expect((await actsIn(context.db)).at(-1)).toMatchObject({ what: 'provenance.deliver', subject: id });
  });

  it('is checked by its folder alone: a swapped take and an edited answer are found', async () => {
    expect(await verifyDelivery(at('one'))).toMatchObject({ whole: true, problems: [] });
    await handing('two');
    await writeFile(at('two/tak_1.mp4'), 'swapped');
    const path = at('two/declaration.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"no"', '"yes"'));
    expect((await verifyDelivery(at('two'))).problems).toEqual([
      'declaration.json is not what was signed',
      'tak_1.mp4 is not the file that was handed over',
    ]);
    await expect(verifyDelivery(at('none'))).rejects.toMatchObject({ code: 'delivery-unreadable' });
  });

  it('of takes that the shipped base made of words alone says that no production was trained on, proved', async () => {
    await addTake('tak_shipped', (await registerBase(context)).id);
    const facts = [expect.stringContaining('rendered worlds alone')];
    const given = await productionData('shipped', { takes: ['tak_shipped'] });
    expect(given).toMatchObject({ answer: 'no', basis: 'proved', facts });
  });

  it('never proves what a base from elsewhere learned from: a person must say', async () => {
    await expect(handing('elsewhere', { takes: ['tak_2'] })).rejects.toThrow(/--production-data yes or no/);
    const facts = [expect.stringContaining('"open base" (mdl_base) was trained on is not known')];
    const given = await productionData('said', { takes: ['tak_2'], productionData: 'no' });
    expect(given).toMatchObject({ answer: 'no', basis: 'said', saidBy: 'test', facts });
  });

  it('never proves what an adapter learned from whose dataset is not here any more', async () => {
    const lost = { id: 'mdl_lost', name: 'lost', kind: 'adapter', path: '/m', sha256: 'd'.repeat(64) };
    const { id: baseId } = await registerBase(context);
    await context.db
      .insert(tables.trainModels)
      .values({ ...lost, record: {}, baseId, snapshotId: 'dst_gone' });
    await addTake('tak_lost', 'mdl_lost');
    await expect(handing('lost', { takes: ['tak_lost'] })).rejects.toThrow(/--production-data yes or no/);
  });

  it('never proves what a brief gave the shipped base, another take too: a person must say', async () => {
    const given = { role: 'first', path: '/takes/tak_1.png', sha256: 'a'.repeat(64) };
    await addTake('tak_shown', (await registerBase(context)).id, [given]);
    await expect(handing('shown', { takes: ['tak_shown'] })).rejects.toThrow(/--production-data yes or no/);
    const facts = [expect.stringContaining('The first "tak_1.png" was given')];
    const answer = await productionData('shown', { takes: ['tak_shown'], productionData: 'yes' });
    expect(answer).toMatchObject({ answer: 'yes', basis: 'said', facts });
  });

  it('leaves a fingerprint of each take, so that copies without a signature are known again', async () => {
    const kept = await context.db.select().from(tables.provenancePrints);
    expect(kept.map(({ takeId }) => takeId)).toContain('tak_1');
  });
});

describe('nothing is handed over', () => {
  it('while a question is open that nothing proves', async () => {
    const open = handing('open', { recreates: undefined, replaces: undefined });
    await expect(open).rejects.toThrow(/--recreates yes or no, --replaces yes or no/);
    expect(await readdir(context.paths.root)).not.toContain('open');
  });

  it('where an answer is given that the facts contradict', async () => {
    await expect(handing('lie', { productionData: 'no' })).rejects.toMatchObject({
      code: 'answer-contradicted',
    });
    await chmod(context.paths.root, 0o777);
    await expect(handing('lie')).rejects.toThrow('Other accounts of this machine can write into');
    await chmod(context.paths.root, 0o700);
    await frozenFor({ use: 'train.performer' }, async () => {
      await expect(handing('lie')).rejects.toThrow('--replaces yes, as the workspace proves it');
    });
  });

  it('of a replica that the ledger does not allow, whatever the training was called', async () => {
    await frozenFor({ performers: ['ann', 'ghost'] }, () =>
      expect(handing('both')).rejects.toThrow(/for replicas of ann and ghost.*ghost is targeted/),
    );
    await frozenFor({ performer: 'ann' }, async () => {
      const refused = handing('replica');
      await expect(refused).rejects.toMatchObject({ code: 'purpose-not-cleared' });
      await expect(refused).rejects.toThrow(/for replicas of ann.*not generate\.replica/);
      await agreeToReplicas();
      await expect(handing('replica')).rejects.toThrow('--replaces yes, as the workspace proves it');
    });
  });

  it('by whom and for which model the ledger does not allow', async () => {
    await frozenFor({ model: 'open-7b', trainer: 'vendor' }, () =>
      expect(handing('vendor')).rejects.toThrow(/in world, by vendor, for open-7b.*in-house/),
    );
  });

  it('for a purpose that the ledger does not allow, with the reasons', async () => {
    await expect(handing('final', { purpose: 'final' })).rejects.toMatchObject({
      ...{ code: 'purpose-not-cleared' },
      message: expect.stringMatching(/use_not_granted.*generate\.temp, train\.style, not generate\.final/),
    });
  });

  it('of a take that was given a take which learned from what the purpose is not allowed for', async () => {
    const sha256 = await fileHash(join(context.paths.takes, 'tak_1.mp4'));
    await addTake('tak_on', 'mdl_base', [{ role: 'video', path: '/t.mp4', sha256 }]);
    const final = handing('onward', { takes: ['tak_on'], purpose: 'final', productionData: 'yes' });
    await expect(final).rejects.toThrow(/use_not_granted.*generate\.temp, train\.style, not generate\.final/);
  });

  it('of a take that was given a film which nobody permitted to condition on', async () => {
    await expect(handing('given', { takes: ['tak_3'], productionData: 'no' })).rejects.toThrow(
      /condition to be allowed for all shots of films that takes were given.*use_not_granted \(grants\/g1\)/,
    );
  });

  it('where a shot that was trained on is not catalogued any more', async () => {
    const { db } = context;
    const [shot] = await db.select().from(tables.shotsShots).where(eq(tables.shotsShots.id, 'sht_harbour-0'));
    await db.delete(tables.shotsShots).where(eq(tables.shotsShots.id, 'sht_harbour-0'));
    await expect(handing('lost')).rejects.toThrow('a shot is not in this workspace any more');
    if (shot) await db.insert(tables.shotsShots).values(shot);
  });

  it('into a folder that holds something, and to where a file lies', async () => {
    await expect(handing('one')).rejects.toMatchObject({ code: 'folder-not-empty' });
    await writeFile(at('a.mov'), 'a film');
    await expect(handing('a.mov')).rejects.toMatchObject({ code: 'folder-not-empty' });
  });
});

const trying = (target: object) => withdraw(context, { territory: 'world', dryRun: true, ...target });

it('a withdrawal reaches what was handed over, one of a grant that only permitted that too, and opens a task', async () => {
  const id = (await listDeliveries(context)).find(({ path }) => path === at('one'))?.id;
  const whole = await trying({ title: 'harbour' });
  expect(whole.touched).toContainEqual({ kind: 'delivery', id, via: 'tak_1' });
  expect(whole.counts.delivery).toBe(2);
  const { touched, permitted, tasks } = await trying({ grant: 'g2' });
  const via = expect.stringMatching(/^grants\/g2, shot .*, take tak_1, handed over for generate\.temp$/);
  expect([touched, permitted.find((item) => item.id === id)]).toEqual([[], { kind: 'delivery', id, via }]);
  for (const found of [whole.tasks, tasks])
    expect(found.map(({ subject }) => subject)).toContain(`delivery ${id}`);
});
