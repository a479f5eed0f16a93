import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { CLIP } from '../../src/sample/clips.ts';
import { type ShardLine, shardsOf, writeManifest, writeShard } from '../../src/sample/shards.ts';
import { TITLES } from '../../src/sample/titles.ts';

/** Clips of every sample title, and of fellows in base worlds, who are nobody's characters. */
export interface CheckerClips {
  clipsPerTitle: number;
  worlds: number;
  seed: number;
  /** Share kept out of training, to measure on. */
  heldout: number;
}

/** Renders the clips that the checker learns from into one snapshot with its truth beside it. */
export async function renderCheckerClips(dir: string, of: CheckerClips, report: Report): Promise<void> {
  const total = TITLES.length * of.clipsPerTitle + of.worlds;
  const lines: ShardLine[] = [];
  let done = 0;
  const parts = [
    ...TITLES.map(({ slug }) => ({ kind: `title:${slug}`, count: of.clipsPerTitle, folder: slug })),
    { kind: 'fellows', count: of.worlds, folder: 'worlds' },
  ];
  for (const { kind, count, folder } of parts) {
    const job = { kind, count, seed: of.seed, heldout: of.heldout, dir: join(dir, folder), size: CLIP };
    mkdirSync(job.dir, { recursive: true });
    for (let shard = 0; shard < shardsOf(job); shard++) {
      const tell = () => report({ phase: 'rendering clips', done: ++done, total, unit: 'clips' });
      lines.push(...(await writeShard(job, shard, tell)).map((line) => under(folder, line)));
    }
  }
  writeManifest(dir, lines);
}

/** The same line with its shard named from the folder above. */
function under(folder: string, line: ShardLine): ShardLine {
  const manifest = JSON.parse(line.manifest) as { shard: string };
  return { ...line, manifest: JSON.stringify({ ...manifest, shard: `${folder}/${manifest.shard}` }) };
}

/** What a rendered clip truly shows. */
export interface TruthRow {
  id: string;
  title: string;
  split: string;
  characters: { name: string }[];
  set: string;
  action: string;
  camera: string;
  time: string;
}

/** A snapshot's truth, by clip id. */
export function readTruth(dir: string): Map<string, TruthRow> {
  const lines = readFileSync(join(dir, 'truth.jsonl'), 'utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => JSON.parse(line) as TruthRow).map((row) => [row.id, row]));
}
