import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Report } from '../contract/index.ts';
import { sequenceAt } from '../media/index.ts';

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
  const starts = startsOf(sizes);
  const total = starts.at(-1) ?? 0;
  const say = throttled((done, note) => report({ phase: 'catalog', done, total, unit: 'bytes', note }));
  const at = (index: number): FileProgress => {
    const [before, size, name] = [starts[index] ?? 0, sizes[index] ?? 0, basename(files[index] ?? '')];
    return {
      onBytes: (done) => say(before + readingShare * done, `${name}: checksum`, false),
      onFrames: (frames, declared) =>
        say(before + size * shareOf(frames, declared), noteOf(name, frames, declared), frames === 0),
    };
  };
  const end = () => say(total, `${files.length} files`, true);
  return { at, end };
}

/** Calls `report` at most every so often, and always where it must. */
function throttled(report: (done: number, note: string) => void) {
  let last = 0;
  return (done: number, note: string, always: boolean) => {
    const now = Date.now();
    if (!always && now - last < reportEveryMs) return;
    last = now;
    report(Math.round(done), note);
  };
}

/** Bytes before each file, and last the bytes of all. */
function startsOf(sizes: readonly number[]): number[] {
  const starts = [0];
  for (const size of sizes) starts.push((starts.at(-1) ?? 0) + size);
  return starts;
}

function shareOf(frames: number, declared: number | null): number {
  const decoded = declared === null ? 0 : Math.min(1, frames / Math.max(1, declared));
  return readingShare + (1 - readingShare) * decoded;
}

const noteOf = (name: string, frames: number, declared: number | null): string =>
  `${name}: decoding, frame ${frames}${declared === null ? '' : ` of ${declared}`}`;

/** A file that is gone by now counts nothing here; adding it says why. */
async function sizeOf(path: string): Promise<number> {
  const files = (await sequenceAt(path).catch(() => null))?.files ?? [path];
  let bytes = 0;
  for (const file of files) bytes += (await stat(file).catch(() => null))?.size ?? 0;
  return bytes;
}
