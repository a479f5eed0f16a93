import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import type { WorkspacePaths } from '../jobs/index.ts';

/** Timestamp of every decoded frame, in presentation order: `pts * timeBase` is seconds from the container's start. */
export interface FrameTable {
  timeBase: string;
  pts: number[];
  /** Frames that only show the film frame before them once more, once 3:2 pulldown is undone. */
  repeats?: ReadonlySet<number> | undefined;
}

const headerSchema = z.strictObject({
  ...{ version: z.literal(1), frames: z.int().min(0), timeBase: z.string() },
  repeats: z.int().positive().optional(),
});

export const frameTablePath = (paths: WorkspacePaths, fileId: string): string =>
  join(paths.root, 'catalog', `${fileId}.pts`);

/**
 * Writes a frame table, whole or not at all: a line of JSON, then the differences between neighbours, of timestamps and then
 * of repeated frames, as little-endian doubles (exact to 2^53), deflated: two hours at a constant rate take about 2 KB.
 * @throws BacklotError `workspace-unwritable`, such as on a full disk
 */
export async function writeFrameTable(path: string, table: FrameTable): Promise<void> {
  const repeats = [...(table.repeats ?? [])];
  const header = { version: 1, frames: table.pts.length, timeBase: table.timeBase };
  const counted = repeats.length > 0 ? { ...header, repeats: repeats.length } : header;
  const body = await promisify(deflateRaw)(Buffer.concat([differences(table.pts), differences(repeats)]));
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(counted)}\n`), body]);
  await mkdir(dirname(path), { recursive: true })
    .then(() => writeWhole(path, bytes))
    .catch((error: unknown) => {
      throw unwritable(path, error);
    });
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await using file = await open(unfinished, 'w');
  await file.writeFile(bytes);
  await file.sync();
  await rename(unfinished, path);
}

/** @throws BacklotError `frame-table-missing`, `frame-table-damaged` */
export async function readFrameTable(path: string): Promise<FrameTable> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw broken('missing', path, String(error));
  });
  try {
    return await parsed(bytes);
  } catch (error) {
    throw broken('damaged', path, String(error));
  }
}

async function parsed(bytes: Buffer): Promise<FrameTable> {
  const end = bytes.indexOf('\n');
  const header = headerSchema.parse(JSON.parse(bytes.toString('utf8', 0, end)));
  const body = await promisify(inflateRaw)(bytes.subarray(end + 1));
  const pts = sums(body.subarray(0, header.frames * 8));
  const repeats = sums(body.subarray(header.frames * 8));
  if (pts.length !== header.frames) throw new Error(`${pts.length} timestamps for ${header.frames} frames`);
  if (repeats.length !== (header.repeats ?? 0)) throw new Error(`${repeats.length} repeats, said otherwise`);
  return { timeBase: header.timeBase, pts, ...(repeats.length > 0 ? { repeats: new Set(repeats) } : {}) };
}

function differences(pts: readonly number[]): Buffer {
  const bytes = Buffer.alloc(pts.length * 8);
  for (const [index, value] of pts.entries()) {
    bytes.writeDoubleLE(value - (index === 0 ? 0 : (pts[index - 1] ?? 0)), index * 8);
  }
  return bytes;
}

function sums(bytes: Buffer): number[] {
  const pts: number[] = [];
  let sum = 0;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    sum += bytes.readDoubleLE(at);
    pts.push(sum);
  }
  return pts;
}

function broken(how: 'missing' | 'damaged', path: string, found: string): BacklotError {
  return new BacklotError(`frame-table-${how}`, {
    expected: 'the timestamps of every frame',
    where: path,
    found,
    remedy: 'Add the film to the catalogue again: the table is written anew.',
  });
}

/** The workspace's trouble, which decides nothing about the film. */
function unwritable(path: string, error: unknown): BacklotError {
  const facts = {
    expected: 'a workspace that can be written to',
    where: path,
    found: String(error),
    remedy:
      'Free some space or give write permission, and run the command again: it goes on where it stopped.',
  };
  return new BacklotError('workspace-unwritable', facts, error);
}
