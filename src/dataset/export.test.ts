import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { actsIn } from '../../test/support/audit.ts';
import { missingPackages, readWith } from '../../test/support/python.ts';
import { listFiles } from '../catalog/index.ts';
import { fileHash, keptLatents } from '../jobs/index.ts';
import { probe } from '../media/index.ts';
import { importLedger } from '../rights/index.ts';
import { revoke } from '../rights/revoke.ts';
import { encodedFolder } from './encode-clips.ts';
import { expectRows, levels, pairsIn, type Row } from './export.test-support.ts';
import { exportSnapshot } from './export.ts';
import {
  type ExportInput,
  type ExportRecord,
  exportInputSchema,
  exportRecordSchema,
} from './export-schema.ts';
import { shotsOfExported } from './exported.ts';
import { freeze } from './freeze.ts';
import { purgeSnapshot } from './purge.ts';
import type { Snapshot } from './schema.ts';
import { describeExport } from './show.ts';
import { asked, ledgerOf, studio } from './studio.test-support.ts';

let one: Awaited<ReturnType<typeof studio>>;
let snapshot: Snapshot;
let masters: Map<string, string>;

beforeAll(async () => {
  one = await studio();
  await importLedger(one.context, ledgerOf(one.context));
  snapshot = await freeze(one.context, { ...asked, clipsPerShot: 1 });
  masters = await hashes();
});
afterAll(() => one.close());

async function hashes(): Promise<Map<string, string>> {
  const films = join(one.context.paths.root, 'the films');
  const names = await readdir(films);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await fileHash(join(films, name))] as const)),
  );
}

const small = { width: 96, height: 64 };
const folderOf = (name: string) => join(one.context.paths.root, 'exports', name);

async function exported(
  input: Partial<ExportInput> & { format: ExportInput['format'] },
  name: string = input.format,
) {
  const to = folderOf(name);
  const report = await exportSnapshot(one.context, exportInputSchema.parse({ ...small, ...input, to }));
  const text = await readFile(join(to, 'export.json'), 'utf8');
  return { report, to, record: exportRecordSchema.parse(JSON.parse(text)) };
}

const clipsOf = ({ clips }: ExportRecord, split: 'train' | 'heldout') =>
  clips.filter((clip) => clip.split === split).map(({ clip, video }) => ({ clip, video }));

describe('exporting videos', () => {
  it('cuts the frames that it names from the master, each once, at the rate and size asked for', async () => {
    const { report, to, record } = await exported({ format: 'musubi-tuner' });
    expect(report).toMatchObject({ shape: { frames: 21, fps: '16', ...small }, leftOut: {} });
    expect(report.clips).toEqual(snapshot.clips);
    expect(describeExport(report).match(/not legal advice/g)).toHaveLength(1);
    const masters = new Map((await listFiles(one.context.db)).map((film) => [film.sha256, film.path]));
    for (const { video, frames, file, crop } of record.clips) {
      const light = await levels(masters.get(file) ?? '', small, crop);
      const facts = await probe(join(to, video));
      expect(facts.video).toMatchObject({ ...small, averageRate: '16/1', declaredFrames: 21 });
      const shown = await levels(join(to, video), small);
      // The films brighten by a level a frame: one frame off would show, though x264 smooths single steps.
      const off = shown.map((level, i) => level - (light[frames[i] as number] as number));
      expect(Math.max(...off.map(Math.abs))).toBeLessThan(1.5);
      expect(Math.abs(off.reduce((sum, one) => sum + one, 0) / off.length)).toBeLessThan(0.4);
    }
  });

  it('gives the same bytes again, from links into the workspace, and writes no master', async () => {
    const again = await exported({ format: 'musubi-tuner' }, 'again');
    expect(again.report.linked).toBe(again.record.clips.length);
    for (const { video, sha256, shot } of again.record.clips) {
      expect(await shotsOfExported(one.context.paths, [sha256])).toEqual(new Map([[sha256, shot]]));
      expect(await fileHash(join(again.to, video))).toBe(sha256);
      expect(sha256).toBe(await fileHash(join(folderOf('musubi-tuner'), video)));
      expect((await stat(join(again.to, video))).nlink).toBeGreaterThan(2);
    }
    expect(await hashes()).toEqual(masters);
  });

  it('names and counts what does not fit, and refuses where nothing does', async () => {
    await expect(exported({ format: 'finetrainers', frames: 61 }, 'long')).rejects.toMatchObject({
      ...{ code: 'nothing-fits', facts: { found: expect.stringContaining('6 too_short') } },
    });
    await expect(exported({ format: 'finetrainers', fps: '25' }, 'fast')).rejects.toThrow('too_few_frames');
    const large = { width: 832, height: 480 };
    await expect(exported({ format: 'finetrainers', ...large }, 'large')).rejects.toThrow('192x128');
  });

  it('is an act that the audit log keeps, with where the clips went', async () => {
    const acts = (await actsIn(one.context.db)).filter(({ what }) => what === 'dataset.export');
    expect(acts[0]).toEqual({ who: 'test', what: 'dataset.export', subject: snapshot.id });
  });
});

describe('what a target reads back', () => {
  /** github.com/a-r-r-o-w/finetrainers docs/dataset/README.md, "Two file format"; examples/training/sft/wan/.../training.json. */
  it('finetrainers: one list of captions and one of videos, line by line, relative to the dataset', async () => {
    const { to, record } = await exported({ format: 'finetrainers' });
    const config = JSON.parse(await readFile(join(to, 'train.json'), 'utf8'));
    const [{ data_root: root, dataset_type: type, video_resolution_buckets: buckets }] = config.datasets;
    expect({ type, buckets }).toEqual({ type: 'video', buckets: [[21, 64, 96]] });
    const lists = async (name: string) => (await readFile(join(root, name), 'utf8')).trimEnd().split('\n');
    const [prompts, videos] = [await lists('prompt.txt'), await lists('videos.txt')];
    expect(prompts).toHaveLength(videos.length);
    expect(videos.map((video) => `train/${video}`)).toEqual(
      clipsOf(record, 'train').map(({ video }) => video),
    );
    for (const video of videos) expect((await stat(join(root, video))).isFile()).toBe(true);
    expect(prompts.every((prompt) => prompt.startsWith('Brinka waits'))).toBe(true);
  });

  /** github.com/kohya-ss/musubi-tuner docs/dataset_config.md, "Sample for Video Dataset with Caption Text Files". */
  it('musubi-tuner: 4n+1 target frames, no more than a video has, and a cache of its own for each dataset', async () => {
    const to = folderOf('musubi-tuner');
    const caches = new Set<string>();
    for (const split of ['train', 'validation']) {
      const toml = await readFile(join(to, `${split}.toml`), 'utf8');
      const value = (key: string) => JSON.parse(new RegExp(`^${key} = (.*)$`, 'm').exec(toml)?.[1] ?? 'null');
      expect(toml.indexOf('[general]')).toBeLessThan(toml.indexOf('[[datasets]]'));
      expect(value('resolution')).toEqual([96, 64]);
      expect(value('target_frames')).toEqual([21]);
      expect(value('source_fps')).toBeNull();
      expect(await pairsIn(value('video_directory'))).not.toHaveLength(0);
      caches.add(value('cache_directory'));
    }
    expect(caches.size).toBe(2);
  });

  /** github.com/ostris/ai-toolkit README.md, "Dataset Preparation"; config/examples/train_lora_wan22_14b_24gb.yaml. */
  it('ai-toolkit: a folder of pairs, and as many frames asked for as a video has, so that spreading them keeps the speed', async () => {
    const { to, record } = await exported({ format: 'ai-toolkit' });
    const { datasets } = parseYaml(await readFile(join(to, 'train.yaml'), 'utf8'));
    expect(datasets).toMatchObject([{ caption_ext: 'txt', num_frames: 21, fps: 16, resolution: [79] }]);
    const found = await pairsIn(datasets[0].folder_path);
    expect(found.map(({ name }) => name)).toEqual(
      clipsOf(record, 'train')
        .map(({ clip }) => clip)
        .sort(),
    );
    for (const { frames } of record.clips) expect(frames).toHaveLength(21);
  });

  it('VideoFolder: both splits with text, by the datasets library', async (test) => {
    const missing = await missingPackages('datasets');
    if (missing) return test.skip(missing);
    const { to, record } = await exported({ format: 'videofolder' });
    const rows = (await readWith('read_dataset.py', ['videofolder', to], folderOf('hf'))) as Record<
      string,
      Row[]
    >;
    await expectRows(to, record, rows);
  });

  it('WebDataset: both splits with text and facts, by the webdataset library', async (test) => {
    const missing = await missingPackages('webdataset');
    if (missing) return test.skip(missing);
    const { to, record } = await exported({ format: 'webdataset' });
    const rows = (await readWith('read_dataset.py', ['webdataset', to], folderOf('hf'))) as Record<
      string,
      Row[]
    >;
    expect(rows.train?.map(({ key }) => key)).toEqual(clipsOf(record, 'train').map(({ clip }) => clip));
    expect(rows.train?.[0]?.json).toMatchObject({ frames: 21, fps: '16', caption: rows.train?.[0]?.text });
    await expectRows(folderOf('musubi-tuner'), record, rows);
  });

  /**
   * github.com/tdrussell/diffusion-pipe examples/dataset.toml: a video goes to the longest frame bucket that it fills, and
   * is dropped where that is the bucket of pictures; issues 349 and 513: its length is taken from a duration in hundredths.
   */
  it('diffusion-pipe: every video fills the bucket, also for a reader that rounds its duration down', async () => {
    const { to, report } = await exported({ format: 'diffusion-pipe' });
    const toml = await readFile(join(to, 'train.toml'), 'utf8');
    const value = (key: string) => JSON.parse(new RegExp(`^${key} = (.*)$`, 'm').exec(toml)?.[1] ?? 'null');
    expect(value('resolutions')).toEqual([[96, 64]]);
    expect(toml).toContain('[[directory]]\n');
    const [picture, bucket] = value('frame_buckets');
    expect([picture, bucket]).toEqual([1, report.shape?.frames]);
    for (const { name, caption } of await pairsIn(value('path'))) {
      const { video } = await probe(join(to, 'train', `${name}.mp4`));
      const exact = video?.declaredFrames ?? 0;
      const estimate = Math.floor((16 * Math.floor((100 * exact) / 16)) / 100);
      expect(Math.min(exact, estimate)).toBeGreaterThanOrEqual(bucket);
      expect(caption).toMatch(/^Brinka waits \d$/);
    }
  });

  /** github.com/Lightricks/LTX-2 packages/ltx-trainer/docs/dataset-preparation.md, "Dataset Format", "Resolution Buckets". */
  it('LTX trainer: captions and media paths beside the list, sides of 32 and 8n+1 frames', async () => {
    const { to, report } = await exported({ format: 'ltx-trainer' });
    expect(report.shape).toEqual({ frames: 33, fps: '24', ...small });
    const rows = JSON.parse(await readFile(join(to, 'train', 'dataset.json'), 'utf8'));
    expect(rows).toHaveLength(snapshot.clips.train);
    for (const { caption, media_path: path } of rows) {
      expect(caption).toMatch(/^Brinka waits \d$/);
      const { video } = await probe(join(to, 'train', path));
      expect((video?.declaredFrames ?? 0) % 8).toBe(1);
      expect([video?.width, video?.height].map((side) => (side ?? 0) % 32)).toEqual([0, 0]);
    }
  });

  it('the engine: as it lies, with no shape of its own, and not into a folder in use', async () => {
    const to = folderOf('engine');
    const input = exportInputSchema.parse({ to });
    const report = await exportSnapshot(one.context, input);
    expect((await readdir(to)).sort()).toEqual((await readdir(snapshot.path)).sort());
    expect(report).toMatchObject({ digest: snapshot.digest, files: 7, shape: null });
    await expect(exportSnapshot(one.context, input)).rejects.toMatchObject({ code: 'folder-not-empty' });
    const onFile = { ...input, to: join(to, 'manifest.jsonl') };
    await expect(exportSnapshot(one.context, onFile)).rejects.toMatchObject({ code: 'folder-unwritable' });
    const shaped = { ...input, to: folderOf('shaped'), frames: 17 };
    await expect(exportSnapshot(one.context, shaped)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('an export that other programs are to understand', () => {
  it('croissant: what the engine gets, and a file that names all of it by hash and the clips as records', async () => {
    const to = folderOf('croissant');
    const input = exportInputSchema.parse({ to, format: 'croissant' });
    const report = await exportSnapshot(one.context, input);
    const lies = await readdir(snapshot.path);
    expect((await readdir(to)).sort()).toEqual([...lies, 'croissant.json'].sort());
    expect(report).toMatchObject({ files: lies.length + 1, shape: null, clips: snapshot.clips });
    const { name, distribution } = JSON.parse(await readFile(join(to, 'croissant.json'), 'utf8'));
    expect(name).toBe(snapshot.id);
    const described = distribution.map(({ contentUrl }: { contentUrl: string }) => contentUrl);
    expect(described).toEqual(lies.filter((file) => !file.endsWith('.json')).sort());
    for (const { contentUrl, sha256, encodingFormat } of distribution) {
      expect(await fileHash(join(to, contentUrl))).toBe(sha256);
      expect(encodingFormat).toMatch(/^application\//);
    }
    const shaped = { ...input, to: folderOf('croissant-shaped'), width: 96 };
    await expect(exportSnapshot(one.context, shaped)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('an export that is stopped', () => {
  it('goes on where it was stopped', async () => {
    const stop = new AbortController();
    const report = ({ done }: { done: number }) => {
      if (done === 2) stop.abort(new Error('stopped'));
    };
    const input = exportInputSchema.parse({
      ...small,
      format: 'webdataset',
      fps: '12',
      to: folderOf('stopped'),
    });
    const first = exportSnapshot({ ...one.context, report, signal: stop.signal } as never, input);
    await expect(first).rejects.toThrow('stopped');
    expect(await readdir(input.to)).toEqual(['.unfinished']);
    const wish = await readFile(join(input.to, '.unfinished'));
    const other = { ...input, fps: '11' };
    await expect(exportSnapshot(one.context, other)).rejects.toMatchObject({ code: 'folder-not-empty' });
    let cut = 0;
    const counting = { ...one.context, report: () => void cut++ };
    await exportSnapshot(counting, input);
    expect((await readdir(input.to)).sort()).toEqual(['export.json', 'train', 'validation']);
    expect(cut).toBe(snapshot.clips.train + snapshot.clips.heldout - 2);
    expect(await readdir(encodedFolder(one.context.paths.datasets))).toHaveLength(cut + 2);
    // Killed while the files are written: they are there in part, and nothing is cut again.
    const whole = await fileHash(join(input.to, 'train/00000.tar'));
    await writeFile(join(input.to, 'train/00000.tar'), 'half');
    await writeFile(join(input.to, '.unfinished'), wish);
    await exportSnapshot({ ...counting, report: () => expect.unreachable() }, input);
    expect(await fileHash(join(input.to, 'train/00000.tar'))).toBe(whole);
  });
});

describe('an export after a withdrawal', () => {
  it('is refused with the reasons, whatever the format, and leaves nothing; a purge takes the videos and the latents of open bases too', async () => {
    const input = { grant: 'g1', territory: 'world', dryRun: false };
    await revoke(one.context, input, new Date().toISOString());
    for (const format of ['engine', 'croissant', 'webdataset'] as const) {
      const to = folderOf(`withdrawn-${format}`);
      const refused = exportSnapshot(one.context, exportInputSchema.parse({ to, format }));
      await expect(refused).rejects.toMatchObject({ code: 'not-cleared' });
      await expect(readdir(to)).rejects.toThrow();
    }
    const held = [encodedFolder(one.context.paths.datasets), keptLatents(one.context.paths)];
    await mkdir(keptLatents(one.context.paths));
    await purgeSnapshot(one.context, snapshot, 'grants/g1');
    for (const folder of held) await expect(readdir(folder)).rejects.toThrow();
  });
});
