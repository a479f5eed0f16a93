import { createHash } from 'node:crypto';
import { rmSync, symlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Job, type PermittedSnapshot, type Seal, targetsOf } from '../contract/index.ts';
import { envelopeOf, statementIn } from './envelope.ts';
import { refuseKeysInside, rotateKey, signingKey } from './keys.ts';
import { clearedSnapshots, clearRendered, issuePermit } from './permit.ts';
import { retireKey, trustedKeys } from './retired.ts';
import { readSeal, sealRendered, writeSeal } from './seal.ts';

const digest = 'd'.repeat(64);
const before = process.env.BACKLOT_KEYS;
let folder: string;
let dataset: { path: string; digest: string };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-trust-'));
  process.env.BACKLOT_KEYS = join(folder, 'keys');
  dataset = { path: join(folder, 'clips'), digest };
  await mkdir(dataset.path);
});
afterEach(async () => {
  process.env.BACKLOT_KEYS = before;
  await rm(folder, { recursive: true, force: true });
});

const job = (): Job => ({
  ...{ version: 1, id: 'run_1', engine: digest, seed: 1, threads: 1, device: 'cpu', kind: 'encode' },
  ...{ dataset, base: { path: '/nowhere', sha256: digest } },
});

const decided = (days: number): Seal => ({
  ...{ version: 1, snapshot: digest, basis: 'ledger', use: 'train.style', territory: 'world' },
  ...{ asOf: '2026-05-01', ruleVersion: '1', ledger: 'ldg_1', decisions: digest, outcomes: {}, reasons: {} },
  decidedAt: new Date(Date.now() - days * 86_400_000).toISOString(),
});

describe('keys', () => {
  it('are made once, also when two commands start at the same time, and only their owner can read them', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => signingKey()));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect([...(await trustedKeys()).keys()]).toEqual([made[0]?.id]);
    expect(await readdir(join(folder, 'keys'))).toEqual(['signing.pem', 'trusted']);
  });

  it('that others can read are refused', async () => {
    await signingKey();
    await chmod(join(folder, 'keys', 'signing.pem'), 0o644);
    await expect(signingKey()).rejects.toMatchObject({ code: 'key-exposed' });
  });

  it('rotate: the new one signs, what the old one signed stays good until it is retired', async () => {
    const old = await signingKey();
    await sealRendered(dataset);
    const fresh = await rotateKey();
    expect(fresh.id).not.toBe(old.id);
    expect((await readSeal(dataset)).seal.snapshot).toBe(digest);
    await retireKey(old.id);
    await expect(readSeal(dataset)).rejects.toThrow(/unknown keys .*Freeze the dataset again/);
  });

  it('do not lie in the workspace', () => {
    expect(() => refuseKeysInside(folder)).toThrow('outside the workspace');
    expect(() => refuseKeysInside(join(folder, 'workspace'))).not.toThrow();
    symlinkSync(folder, `${folder}-by-another-name`);
    expect(() => refuseKeysInside(`${folder}-by-another-name`)).toThrow('outside the workspace');
    rmSync(`${folder}-by-another-name`);
    expect(() => refuseKeysInside(folder, join(folder, '..keys'))).toThrow('outside the workspace');
  });
});

describe('a seal', () => {
  it('is refused when anything in it was changed, and when another key signed it', async () => {
    await sealRendered(dataset);
    const path = join(dataset.path, 'seal.json');
    const envelope = JSON.parse(await readFile(path, 'utf8'));
    const payload = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
    const forged = Buffer.from(JSON.stringify({ ...payload, use: 'train.performer' })).toString('base64');
    await writeFile(path, JSON.stringify({ ...envelope, payload: forged }));
    await expect(readSeal(dataset)).rejects.toMatchObject({ code: 'signature-invalid' });
    const stranger = envelopeOf(envelope.payloadType, payload, await signingKey(join(folder, 'stranger')));
    await writeFile(path, JSON.stringify(stranger));
    await expect(readSeal(dataset)).rejects.toThrow('unknown keys');
  });

  it('is no permit, though the same key signed it', async () => {
    const key = await signingKey();
    const trusted = await trustedKeys();
    const text = JSON.stringify(envelopeOf('application/vnd.backlot.permit+json', decided(0), key));
    const open = () => statementIn(text, 'application/vnd.backlot.seal+json', trusted, 'x');
    expect(open).toThrow('does not hold');
  });

  it('of another snapshot is refused', async () => {
    await sealRendered(dataset);
    await expect(readSeal({ ...dataset, digest: 'e'.repeat(64) })).rejects.toMatchObject({
      code: 'not-sealed',
    });
  });
});

describe('a permit', () => {
  it('names the job by its bytes and each seal by its own', async () => {
    await sealRendered(dataset);
    await issuePermit(folder, job(), 'the job', await clearRendered(job()));
    const envelope = JSON.parse(await readFile(join(folder, 'permit.json'), 'utf8'));
    const permit = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
    const seal = createHash('sha256').update(await readFile(join(dataset.path, 'seal.json')));
    expect(permit).toMatchObject({
      run: 'run_1',
      job: createHash('sha256').update('the job').digest('hex'),
      snapshots: [{ snapshot: digest, seal: seal.digest('hex'), use: 'train.foundation' }],
    });
    expect(Date.parse(permit.expires) - Date.parse(permit.issuedAt)).toBe(60 * 60_000);
  });

  it('is not given for decisions older than the policy allows', async () => {
    await writeSeal(dataset.path, decided(91));
    const allow = () => clearedSnapshots(job(), async () => {});
    await expect(allow()).rejects.toMatchObject({ code: 'decision-too-old' });
    await writeFile(join(folder, 'keys', 'policy.json'), '{"decisionDays": 92}');
    expect(await allow()).toHaveLength(1);
  });

  it.each(['{"decisionDays": 92', '{"decisionDays": "long"}', '{"days": 3}'])(
    'is not given where the policy cannot be read, and that file is named: %s',
    async (text) => {
      await signingKey();
      const where = join(folder, 'keys', 'policy.json');
      await writeFile(where, text);
      const refused = { code: 'policy-invalid', facts: { where } };
      await expect(clearedSnapshots(job(), async () => {})).rejects.toMatchObject(refused);
    },
  );

  it('names what the job makes of the clips, and asks for that: a snapshot for a style is none for a whole model', async () => {
    await writeSeal(dataset.path, decided(0));
    const asked: string[] = [];
    const permitted = (method: string) =>
      clearedSnapshots({ ...job(), kind: 'train', method } as Job, async (_, { use: frozenFor }, use) => {
        asked.push(`${frozenFor} as ${use}`);
      });
    expect(await permitted('lora')).toMatchObject([{ use: 'train.style' }]);
    expect(await permitted('scratch')).toMatchObject([{ use: 'train.foundation' }]);
    expect(await permitted('full')).toMatchObject([{ use: 'train.foundation' }]);
    expect(asked).toEqual([
      'train.style as train.style',
      'train.style as train.foundation',
      'train.style as train.foundation',
    ]);
  });

  it('names all performers of a seal; seals and permits of earlier versions, which name one at most, are read as they are', async () => {
    const permitted = async (said: Partial<Seal>) => {
      await writeSeal(dataset.path, { ...decided(0), ...said });
      const snapshots = await clearedSnapshots(job(), async () => {});
      return { snapshots, targets: snapshots.flatMap(targetsOf) };
    };
    expect((await permitted({ performers: ['nia', 'tom'] })).targets).toEqual(['nia', 'tom']);
    expect((await permitted({ performer: 'nia' })).targets).toEqual(['nia']);
    expect((await permitted({ performer: null })).targets).toEqual([]);
    const { snapshots } = await permitted({});
    const [{ performers: _, ...listed }] = snapshots as [PermittedSnapshot];
    await issuePermit(folder, job(), 'the job', [{ ...listed, performer: 'nia' }]);
  });

  it('is not given for a snapshot without a seal, nor for films where no ledger can decide again', async () => {
    await expect(clearRendered(job())).rejects.toMatchObject({ code: 'not-sealed' });
    await writeSeal(dataset.path, decided(0));
    await expect(clearRendered(job())).rejects.toMatchObject({ code: 'not-cleared' });
  });
});
