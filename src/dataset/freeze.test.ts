import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { missingPackages, readWith } from '../../test/support/python.ts';
import { listFiles } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { currentLedger, importLedger } from '../rights/index.ts';
import { revoke } from '../rights/revoke.ts';
import { duplicates, keepShots } from '../shots/copies/duplicates.ts';
import { knownCopies, listChoices, listShots, type Shot } from '../shots/index.ts';
import { readSeal } from '../trust/index.ts';
import { parseManifest } from './canonical.ts';
import { clearSnapshot } from './clear.ts';
import { freeze } from './freeze.ts';
import { writeTable } from './manifest-table.ts';
import type { ClipOrigin, Snapshot } from './schema.ts';
import { getSnapshot, listClips } from './store.ts';
import { asked, asOf, filmsOf, ledgerOf, shotFrames, studio } from './studio.test-support.ts';
import { readOrigins, verifySnapshot } from './verify.ts';

let one: Awaited<ReturnType<typeof studio>>;
let snapshot: Snapshot;
/** True for shots of a film, by its name. */
let inFilm: (name: string) => (shot: Shot) => boolean;
beforeAll(async () => {
  one = await studio();
  const files = await listFiles(one.context.db);
  inFilm = (name) => (shot) =>
    files.some(({ id, path }) => id === shot.fileId && path.endsWith(`${name}.mp4`));
}, 120_000);
afterAll(() => one.close());

describe('freezing a dataset', () => {
  it('refuses where the rights allow nothing, and says why by rule', async () => {
    await expect(freeze(one.context, asked)).rejects.toMatchObject({
      ...{ code: 'nothing-cleared', facts: { found: expect.stringContaining('unknown') } },
    });
  });

  it('keeps the clips of allowed shots, their captions, and counts what it leaves out', async () => {
    await importLedger(one.context, ledgerOf(one.context));
    snapshot = await freeze(one.context, asked);
    expect(snapshot.rights.outcomes).toEqual({ ALLOW: 8, REVIEW: 1 });
    expect(snapshot.clips.train + snapshot.clips.heldout).toBe(12);
    expect(snapshot.skipped).toEqual({ shots: { copy: 2 }, clips: {} });
    expect(snapshot.captions).toEqual({ shot_list: 12 });
    expect(await getSnapshot(one.context.db)).toEqual(snapshot);
    expect(await listClips(one.context.db, snapshot.id)).toHaveLength(12);
  });

  it('is a row of the audit log, once for the same snapshot', async () => {
    expect((await freeze(one.context, asked)).id).toBe(snapshot.id);
    const freezes = (await actsIn(one.context.db)).filter(({ what }) => what === 'dataset.freeze');
    expect(freezes).toEqual([{ who: 'test', what: 'dataset.freeze', subject: snapshot.id }]);
  });

  it('splits by the scenes of the shot list', async () => {
    const lines = parseManifest(await readFile(join(snapshot.path, 'manifest.jsonl'), 'utf8'));
    const splits = Map.groupBy(lines, (line) => line.scene);
    expect(splits.size).toBe(5);
    for (const own of splits.values()) expect(new Set(own.map((line) => line.split)).size).toBe(1);
    expect(snapshot.titles[0]).toMatchObject({
      name: 'alpha',
      scenes: 2,
      heldoutScenes: 1,
      train: 4,
      heldout: 2,
    });
  });

  it('says of each clip which frames of which master it shows, and the grant', async () => {
    const origins = await readOrigins(snapshot.path);
    const frames = origins.flatMap((origin) => origin.frames);
    const first = origins.find((origin) => origin.frames[0] === 0);
    expect(first).toMatchObject({ decision: { outcome: 'ALLOW', grants: ['g1'] }, deinterlaced: false });
    expect(first?.frames).toEqual(Array.from({ length: 17 }, (_, i) => 2 * i));
    expect(Math.max(...frames)).toBeLessThan(5 * shotFrames);
    for (const { frames: own } of origins) {
      expect(Math.floor((own[0] ?? 0) / shotFrames)).toBe(Math.floor((own.at(-1) ?? 0) / shotFrames));
    }
  });

  it('gives the same digest and record in another workspace, and when it is asked again', async () => {
    const other = await studio(filmsOf(one.context));
    try {
      await importLedger(other.context, ledgerOf(other.context));
      const again = await freeze(other.context, asked);
      expect(again.digest).toBe(snapshot.digest);
      expect(again.path.startsWith(one.context.paths.root)).toBe(false);
      for (const name of [
        'manifest.jsonl',
        'clips.jsonl',
        'skipped.jsonl',
        'snapshot.json',
        'manifest.parquet',
      ]) {
        const bytes = (at: Snapshot) => readFile(join(at.path, name));
        expect((await bytes(again)).equals(await bytes(snapshot))).toBe(true);
      }
      const files = await readdir(one.context.paths.datasets);
      expect({ ...(await freeze(one.context, asked)), frozenAt: '' }).toEqual({ ...snapshot, frozenAt: '' });
      expect(await readdir(one.context.paths.datasets)).toEqual(files);
    } finally {
      await other.close();
    }
  }, 120_000);

  it('keeps another day as another snapshot of the same digest, in a folder of its own', async () => {
    const later = await freeze(one.context, { ...asked, asOf: '2026-06-01' });
    expect(later.digest).toBe(snapshot.digest);
    expect(later.id).not.toBe(snapshot.id);
    expect(later.path).not.toBe(snapshot.path);
    expect(await verifySnapshot(later)).toMatchObject({ whole: true });
  });

  it('goes on with the films that were cut when it is stopped and started again', async () => {
    const stop = new AbortController();
    const cut: string[] = [];
    const report: Context['report'] = ({ note }) => {
      if (cut.at(-1) !== note) cut.push(note ?? '');
      if (note === 'film 2 of 2') stop.abort(new Error('stopped'));
    };
    const small = { ...asked, width: 48, height: 32 };
    await expect(freeze({ ...one.context, report, signal: stop.signal }, small)).rejects.toThrow('stopped');
    const whole = await freeze({ ...one.context, report }, small);
    expect(cut).toEqual(['film 1 of 2', 'film 2 of 2']);
    expect(await verifySnapshot(whole)).toMatchObject({ whole: true, clips: 12 });
    expect(await readdir(join(one.context.paths.datasets, 'cache'))).toHaveLength(2);
  });

  it('gives other clips with other options', async () => {
    const single = await freeze(one.context, { ...asked, clipsPerShot: 1 });
    expect(single.digest).not.toBe(snapshot.digest);
    expect(single.clips.train + single.clips.heldout).toBe(6);
  });
});

describe('of shots that show the same', () => {
  it('the one that a person chose stays, and the other is left out with its name', async () => {
    const shots = await listShots(one.context.db);
    const [alpha, beta] = [shots.filter(inFilm('alpha'))[3], shots.filter(inFilm('beta'))[0]];
    const kept = await keepShots(one.context, [beta?.id ?? '']);
    expect(kept.leftOut).toEqual([alpha?.id]);
    const chosen = await freeze(one.context, asked);
    expect(chosen.skipped.shots).toEqual({ copy: 1, copy_by_choice: 1 });
    const skipped = await readFile(join(chosen.path, 'skipped.jsonl'), 'utf8');
    expect(skipped).toContain(`"copyOf":"${beta?.id}","reason":"copy_by_choice","shot":"${alpha?.id}"`);
    expect(await listChoices(one.context.db)).toMatchObject([{ shots: [beta?.id], who: 'test' }]);
    expect((await actsIn(one.context.db)).map(({ what }) => what)).toContain('shots.keep');
  });

  it('are listed in groups, with how they differ and where they lie', async () => {
    const { groups } = await duplicates(one.context);
    expect(groups).toMatchObject([
      [{ copyOf: null }, { by: 'person', kinds: [], offsetSeconds: expect.any(Number) }],
      [{ copyOf: null }, { by: 'rule', kinds: [], why: 'more bits', shows: { in: 240, ofIn: 60 } }],
    ]);
  });

  it('none is chosen that is not there', async () => {
    await expect(keepShots(one.context, ['sht_none'])).rejects.toMatchObject({ code: 'no-such-shot' });
  });
});

describe('a frozen dataset', () => {
  it('lies there as a table too, with the masters and grants, which another library reads', async (test) => {
    const missing = await missingPackages('pyarrow');
    if (missing) return test.skip(missing);
    const home = join(one.context.paths.root, 'hf');
    const rows = (await readWith('read_dataset.py', ['parquet', snapshot.path], home)) as Record<
      string,
      unknown
    >[];
    const lines = parseManifest(await readFile(join(snapshot.path, 'manifest.jsonl'), 'utf8'));
    const origins = await readOrigins(snapshot.path);
    expect(rows).toEqual(
      lines.map((line, i) => {
        const { file, frames: masterFrames, crop, deinterlaced, decision } = origins[i] as ClipOrigin;
        return { ...line, file, masterFrames, crop, deinterlaced, grants: decision.grants };
      }),
    );
  });

  it('is not whole where its table says other than its lines', async () => {
    const other = join(one.context.paths.root, 'other-table');
    await cp(snapshot.path, other, { recursive: true });
    const told = async (name: string, from: string, to: string) => {
      const text = await readFile(join(other, name), 'utf8');
      await writeFile(join(other, name), text.replace(from, to));
      await writeTable(other);
      await writeFile(join(other, name), text);
      return (await verifySnapshot({ ...snapshot, path: other })).problems;
    };
    const caption = /^manifest\.parquet: .* row \d+, caption: expected ".*Brinka.*", found ".*Nobody.*"$/;
    expect(await told('manifest.jsonl', 'Brinka', 'Nobody')).toEqual([expect.stringMatching(caption)]);
    const grants = /^manifest\.parquet: .* row 1, grants: expected \["g1"\], found \["g7"\]$/;
    expect(await told('clips.jsonl', '"g1"', '"g7"')).toEqual([expect.stringMatching(grants)]);
  });

  it('is whole when it is verified, and names the clip of which a single byte changed', async () => {
    expect(await verifySnapshot(snapshot)).toEqual({
      ...{ id: snapshot.id, digest: snapshot.digest, whole: true, clips: 12, problems: [], notices: [] },
    });
    const damaged = join(one.context.paths.root, 'damaged');
    await cp(snapshot.path, damaged, { recursive: true });
    const shard = join(damaged, 'shard-00000.u8');
    const bytes = await readFile(shard);
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    await writeFile(shard, bytes);
    const report = await verifySnapshot({ ...snapshot, path: damaged });
    const origins = await readOrigins(damaged);
    expect(report.whole).toBe(false);
    expect(report.problems).toEqual([expect.stringContaining(`${origins[0]?.id}: expected sha256`)]);
  });
});

describe('a sealed dataset', () => {
  it('carries what was decided, signed: digest, rules, day, counts by reason', async () => {
    const { seal } = await readSeal(snapshot);
    expect(seal).toMatchObject({
      ...{ snapshot: snapshot.digest, basis: 'ledger', use: 'train.style', territory: 'world', asOf },
      ...{ ledger: snapshot.rights.ledger, ruleVersion: snapshot.rights.ruleVersion },
      ...{ outcomes: snapshot.rights.outcomes, reasons: snapshot.rights.reasons },
    });
    expect(seal.decisions).toMatch(/^[0-9a-f]{64}$/);
  });

  it('for a style is none for a whole model, as long as the ledger does not grant that too', async () => {
    const { seal } = await readSeal(snapshot);
    await clearSnapshot(one.context, snapshot, seal, 'eval');
    const refused = clearSnapshot(one.context, snapshot, seal, 'train.foundation');
    await expect(refused).rejects.toMatchObject({ code: 'not-cleared' });
    await expect(refused).rejects.toThrow('use_not_granted (grants/g1)');
    await expect(refused).rejects.toThrow('an adapter is train.style');
  });

  it('is cleared again as long as nothing was withdrawn, and refused with the reasons afterwards', async () => {
    const { seal } = await readSeal(snapshot);
    await clearSnapshot(one.context, snapshot, seal);
    const input = { grant: 'g1', territory: 'world', dryRun: false };
    await revoke(one.context, input, new Date().toISOString());
    const refused = clearSnapshot(one.context, snapshot, seal);
    await expect(refused).rejects.toMatchObject({ code: 'not-cleared' });
    await expect(refused).rejects.toThrow('grants/g1');
  });

  it('is not frozen again for a day before the withdrawal, and nothing is cut', async () => {
    const before = await readdir(one.context.paths.datasets);
    const past = freeze(one.context, { ...asked, asOf: '2026-05-02', width: 64 });
    await expect(past).rejects.toMatchObject({ code: 'not-cleared-today' });
    await expect(past).rejects.toThrow('8 that are not (8 withdrawn');
    expect(await readdir(one.context.paths.datasets)).toEqual(before);
  });

  it('nor for a day on which a grant will have begun', async () => {
    const before = await readdir(one.context.paths.datasets);
    const document = (await currentLedger(one.context.db))?.document;
    const later = { ...document?.grants[0], id: 'later', from: '2999-01-01', withdrawn: undefined };
    const path = join(one.context.paths.root, 'later.json');
    await writeFile(path, JSON.stringify({ ...document, grants: [...(document?.grants ?? []), later] }));
    await importLedger(one.context, path);
    const future = freeze(one.context, { ...asked, asOf: '2999-01-02', width: 64 });
    await expect(future).rejects.toMatchObject({ code: 'not-cleared-today' });
    expect(await readdir(one.context.paths.datasets)).toEqual(before);
  });
});

it('without a title is, clip for clip, what it would be had the title never been there, once its copies are said to be others', async () => {
  const { context } = one;
  const today = { ...asked, asOf: new Date().toISOString().slice(0, 10) };
  const never = await studio(filmsOf(context), ['beta.mp4', 'beta.csv']);
  try {
    const document = (await currentLedger(context.db))?.document;
    const anew = {
      id: 'g2',
      grantor: 'studio',
      titles: ['alpha', 'beta'],
      uses: ['train.style'],
      territories: ['world'],
    };
    const path = join(context.paths.root, 'anew.json');
    await writeFile(path, JSON.stringify({ ...document, grants: [...(document?.grants ?? []), anew] }));
    await importLedger(context, path);
    await revoke(context, { title: 'alpha', territory: 'world', dryRun: false }, new Date().toISOString());
    const { seal } = await readSeal(await freeze(context, today));
    expect(seal.reasons.copy_of_refused).toBe(2);
    for (const pair of await knownCopies(context.db)) await keepShots(context, pair);
    const after = await freeze(context, today);
    await importLedger(never.context, ledgerOf(context));
    expect(after.titles.map(({ name }) => name)).toEqual(['beta']);
    expect(after.digest).toBe((await freeze(never.context, today)).digest);
    expect(after.digest).not.toBe(snapshot.digest);
  } finally {
    await never.close();
  }
}, 120_000);
