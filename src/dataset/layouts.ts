import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify as yaml } from 'yaml';
import type { ClipLine } from '../contract/index.ts';
import { parseRate, rateNumber } from '../media/index.ts';
import type { EncodedVideo } from './encode-clips.ts';
import type { ClipShape } from './export-schema.ts';
import { placed } from './place.ts';
import { type TarMember, writeTar } from './tar.ts';
import type { VideoFormat } from './targets.ts';

/** Folders of an export: those held out lie apart from those to train on, under the name that trainers know. */
export const splitFolders = { train: 'train', heldout: 'validation' } as const;
type Split = ClipLine['split'];

/** A file of an export: linked from the workspace, or written with `text`, or a tar of `members`. */
export type ExportFile =
  | { path: string; from: string }
  | { path: string; text: string }
  | { path: string; members: () => AsyncIterable<TarMember> };

/** What a layout is made of: the videos of each split in the snapshot's order, and the export's absolute folder. */
export interface Laid {
  folder: string;
  shape: ClipShape;
  videos: Record<Split, readonly EncodedVideo[]>;
}

export interface Layout {
  /** Path of a clip's video, relative to the export's folder. */
  videoAt: (line: ClipLine, place: number) => string;
  files: (laid: Laid) => ExportFile[];
}

/** Writes the files of an export. @returns how many share their bytes with the workspace */
export async function writeFiles(folder: string, files: readonly ExportFile[]): Promise<number> {
  let linked = 0;
  for (const file of files) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    if ('from' in file) linked += Number(await placed(file.from, path));
    else if ('text' in file) await writeFile(path, file.text);
    else await writeTar(path, file.members());
  }
  return linked;
}

const splits = Object.keys(splitFolders) as Split[];

/** For each split that has clips. */
const perSplit = ({ videos }: Laid, files: (videos: readonly EncodedVideo[], at: string) => ExportFile[]) =>
  splits.flatMap((split) => (videos[split].length > 0 ? files(videos[split], splitFolders[split]) : []));

const linkedVideos = (layout: Layout['videoAt'], videos: readonly EncodedVideo[]): ExportFile[] =>
  videos.map(({ line, path }, place) => ({ path: layout(line, place), from: path }));

/** One line whatever a reader takes for a line's end: Python's `splitlines` knows more ends than captions leave out. */
export const oneLine = (caption: string): string => caption.replace(/\p{Cc}+/gu, ' ');

const text = (path: string, lines: readonly string[]): ExportFile => ({
  path,
  text: lines.map((line) => `${line}\n`).join(''),
});

const json = (value: unknown): string => JSON.stringify(value);
const beside: Layout['videoAt'] = ({ split, id }) => `${splitFolders[split]}/${id}.mp4`;

/** `x.mp4` with its caption in `x.txt`. */
const pairs = (laid: Laid): ExportFile[] =>
  perSplit(laid, (videos, at) => [
    ...linkedVideos(beside, videos),
    ...videos.map(({ line }) => ({ path: `${at}/${line.id}.txt`, text: oneLine(line.caption) })),
  ]);

/** Two lists, line by line, and the dataset configuration that names folder and bucket (docs/dataset/README.md). */
const finetrainers: Layout = {
  videoAt: ({ split, id }) => `${splitFolders[split]}/videos/${id}.mp4`,
  files: (laid) => {
    const { frames, height, width } = laid.shape;
    const dataset = (at: string) => ({
      ...{ data_root: join(laid.folder, at), dataset_type: 'video' },
      ...{ video_resolution_buckets: [[frames, height, width]], reshape_mode: 'bicubic' },
    });
    return perSplit(laid, (videos, at) => [
      ...linkedVideos(finetrainers.videoAt, videos),
      text(
        `${at}/prompt.txt`,
        videos.map(({ line }) => oneLine(line.caption)),
      ),
      text(
        `${at}/videos.txt`,
        videos.map(({ line }) => `videos/${line.id}.mp4`),
      ),
      text(`${at}.json`, [JSON.stringify({ datasets: [dataset(at)] }, null, 2)]),
    ]);
  },
};

/** Pairs and a dataset configuration for each split (examples/dataset.toml). */
const diffusionPipe: Layout = {
  videoAt: beside,
  files: (laid) => {
    const { frames, width, height } = laid.shape;
    const size = [`resolutions = [[${width}, ${height}]]`, 'enable_ar_bucket = true'];
    const buckets = [`ar_buckets = [[${width}, ${height}]]`, `frame_buckets = [1, ${frames}]`];
    const own = (at: string) => ['[[directory]]', `path = ${json(join(laid.folder, at))}`, 'num_repeats = 1'];
    return [
      ...pairs(laid),
      ...perSplit(laid, (_, at) => [text(`${at}.toml`, [...size, ...buckets, '', ...own(at)])]),
    ];
  },
};

/** Pairs and a dataset configuration for each split, each with a cache of its own (docs/dataset_config.md). */
const musubiTuner: Layout = {
  videoAt: beside,
  files: (laid) => {
    const { frames, width, height } = laid.shape;
    const general = [`resolution = [${width}, ${height}]`, 'caption_extension = ".txt"', 'batch_size = 1'];
    const bucket = ['enable_bucket = true', 'bucket_no_upscale = true'];
    const own = (at: string) => [
      ...[`video_directory = ${json(join(laid.folder, at))}`],
      ...[`cache_directory = ${json(join(laid.folder, 'cache', at))}`],
      ...[`target_frames = [${frames}]`, 'frame_extraction = "head"'],
    ];
    const toml = (at: string) => ['[general]', ...general, ...bucket, '', '[[datasets]]', ...own(at)];
    return [...pairs(laid), ...perSplit(laid, (_, at) => [text(`${at}.toml`, toml(at))])];
  },
};

/** Pairs and the `datasets` part of a job (config/examples/train_lora_wan22_14b_24gb.yaml). */
const aiToolkit: Layout = {
  videoAt: beside,
  files: (laid) => {
    const { frames, fps, width, height } = laid.shape;
    const dataset = (at: string) => ({
      ...{ folder_path: join(laid.folder, at), caption_ext: 'txt', num_frames: frames },
      // Spreads num_frames over the whole clip: as many as it has, so each once and at its own speed.
      ...{ shrink_video_to_frames: true, fps: rateNumber(parseRate(fps)) },
      // The side of a square of at least as many pixels: of one less it would cut a strip off every frame.
      resolution: [Math.ceil(Math.sqrt(width * height))],
    });
    return [
      ...pairs(laid),
      ...perSplit(laid, (_, at) => [{ path: `${at}.yaml`, text: yaml({ datasets: [dataset(at)] }) }]),
    ];
  },
};

/** `dataset.json` beside the videos: `media_path` is read by both lines of the trainer (docs/dataset-preparation.md). */
const ltxTrainer: Layout = {
  videoAt: beside,
  files: (laid) =>
    perSplit(laid, (videos, at) => {
      const rows = videos.map(({ line }) => ({ caption: line.caption, media_path: `${line.id}.mp4` }));
      return [...linkedVideos(beside, videos), text(`${at}/dataset.json`, [JSON.stringify(rows, null, 2)])];
    }),
};

/** `metadata.jsonl` beside the videos (datasets, docs/source/video_dataset.mdx). */
const videoFolder: Layout = {
  videoAt: beside,
  files: (laid) =>
    perSplit(laid, (videos, at) => [
      ...linkedVideos(beside, videos),
      text(
        `${at}/metadata.jsonl`,
        videos.map(({ line }) =>
          json({ file_name: `${line.id}.mp4`, text: line.caption, title: line.title, shot: line.shot }),
        ),
      ),
    ]),
};

/** Clips of a tar: at 1000 clips of a megabyte each about the gigabyte that is usual. */
const tarClips = 1000;
const tarName = (at: string, place: number) =>
  `${at}/${String(Math.floor(place / tarClips)).padStart(5, '0')}.tar`;

/** Tars of `KEY.mp4`, `KEY.txt` (caption) and `KEY.json`, members of a key together. */
const webDataset: Layout = {
  videoAt: ({ split, id }, place) => `${tarName(splitFolders[split], place)}#${id}.mp4`,
  files: (laid) =>
    perSplit(laid, (videos, at) => {
      const tars = Map.groupBy(videos, (_, place) => tarName(at, place));
      return [...tars].map(([path, own]) => ({ path, members: () => membersOf(own, laid.shape) }));
    }),
};

async function* membersOf(videos: readonly EncodedVideo[], shape: ClipShape): AsyncGenerator<TarMember> {
  for (const { line, path } of videos) {
    const { id, caption, title, shot, scene } = line;
    yield { name: `${id}.json`, content: Buffer.from(json({ caption, title, shot, scene, ...shape })) };
    yield { name: `${id}.mp4`, content: await readFile(path) };
    yield { name: `${id}.txt`, content: Buffer.from(caption) };
  }
}

export const layouts: Record<VideoFormat, Layout> = {
  finetrainers,
  'diffusion-pipe': diffusionPipe,
  'musubi-tuner': musubiTuner,
  'ai-toolkit': aiToolkit,
  'ltx-trainer': ltxTrainer,
  videofolder: videoFolder,
  webdataset: webDataset,
};
