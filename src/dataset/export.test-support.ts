import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fileHash } from '../jobs/index.ts';
import { decodeFrames } from '../media/index.ts';
import type { ExportRecord } from './export-schema.ts';
import type { Box } from './geometry.ts';

/** Videos and captions of a folder of pairs: each video has a text file of the same name, and nothing else is there. */
export async function pairsIn(folder: string): Promise<{ name: string; caption: string }[]> {
  const names = (await readdir(folder)).sort();
  const videos = names.filter((name) => name.endsWith('.mp4')).map((name) => name.slice(0, -4));
  expect(names).toEqual(videos.flatMap((name) => [`${name}.mp4`, `${name}.txt`]));
  return Promise.all(
    videos.map(async (name) => ({ name, caption: await readFile(join(folder, `${name}.txt`), 'utf8') })),
  );
}

/** Mean green of each frame. */
export async function levels(path: string, size: { width: number; height: number }, crop?: Box) {
  const found: number[] = [];
  await decodeFrames(path, { ...size, pixelFormat: 'rgb24', crop }, (_, bytes) => {
    let sum = 0;
    for (let at = 1; at < bytes.length; at += 3) sum += bytes[at] as number;
    found.push(sum / (bytes.length / 3));
  });
  return found;
}

/** A row as a target's own loader gives it. */
export interface Row {
  key?: string;
  text: string;
  json?: object;
  sha256: string;
}

/** Both splits hold the captions of their clips and the very bytes of their videos. @param videos where the videos lie as files */
export async function expectRows(
  videos: string,
  { clips }: ExportRecord,
  rows: Record<string, Row[]>,
): Promise<void> {
  for (const [split, name] of [
    ['train', 'train'],
    ['heldout', 'validation'],
  ] as const) {
    const own = clips.filter((clip) => clip.split === split);
    const files = own.map(({ clip }) => join(videos, name, `${clip}.mp4`));
    expect(rows[name]?.map(({ sha256 }) => sha256).sort()).toEqual(
      (await Promise.all(files.map(fileHash))).sort(),
    );
    expect(rows[name]?.every(({ text }) => /^Brinka waits \d$/.test(text))).toBe(true);
  }
}
