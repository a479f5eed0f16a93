import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Report } from '../contract/index.ts';

/** Progress of one file: bytes while it is read, then frames while it is decoded. */
export interface FileProgress {
  onBytes: (done: number) => void;
  onFrames: (frames: number, declared: number | null) => void;
}

/** Share of a file's time that reading it for its checksum takes; decoding takes the rest. A rough guess. */
const readingShare = 0.1;
const reportEveryMs = 250;

/** Reports progress over `files` in bytes; `at(n)` is the n-th file's, all before it being done. */
export async function progressOver(files: readonly string[], report: Report) {
  const sizes = await Promise.all(files.map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let last = 0;
  const say = (done: number, note: string, now = Date.now()) => {
    if (now - last < reportEveryMs) return;
    last = now;
    report({ phase: 'catalog', done: Math.round(done), total, unit: 'bytes', note });
  };
  const at = (index: number): FileProgress => {
    const [before, size, name] = [sumTo(sizes, index), sizes[index] ?? 0, basename(files[index] ?? '')];
    return {
      onBytes: (done) => say(before + readingShare * done, `${name}: checksum`),
      onFrames: (frames, declared) =>
        say(before + size * shareOf(frames, declared), noteOf(name, frames, declared)),
    };
  };
  const end = () => say(total, `${files.length} files`, Number.POSITIVE_INFINITY);
  return { at, end };
}

const sumTo = (sizes: readonly number[], index: number): number =>
  sizes.slice(0, index).reduce((a, b) => a + b, 0);

function shareOf(frames: number, declared: number | null): number {
  const decoded = declared === null ? 0 : Math.min(1, frames / Math.max(1, declared));
  return readingShare + (1 - readingShare) * decoded;
}

const noteOf = (name: string, frames: number, declared: number | null): string =>
  `${name}: frame ${frames}${declared === null ? '' : ` of ${declared}`}`;

/** A file that is gone by now counts nothing here; adding it says why. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
