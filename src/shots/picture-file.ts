import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BacklotError } from '../contract/index.ts';

/** Pictures of one size that wait in a file: in memory those of forty seconds would be 25 MB, taken outside the heap. */
export interface PictureFile {
  /** @returns its place, which is used again once it is given back */
  add(picture: Buffer): number;
  /** The bytes hold until the next call. */
  read(slot: number): Buffer;
  giveBack(slot: number): void;
  close(): void;
}

/** The file is made with the first picture, has no name, and is gone with the process or when it is closed. */
export function createPictureFile(): PictureFile {
  const spare: number[] = [];
  let [file, slots] = [-1, 0];
  let bytes = Buffer.alloc(0);
  return {
    add: (picture) => {
      if (file < 0) [file, bytes] = [openNameless(), Buffer.allocUnsafeSlow(picture.length)];
      const slot = spare.pop() ?? slots++;
      needWhole(writeSync(file, picture, 0, picture.length, slot * picture.length), picture.length);
      return slot;
    },
    read: (slot) => {
      needWhole(readSync(file, bytes, 0, bytes.length, slot * bytes.length), bytes.length);
      return bytes;
    },
    giveBack: (slot) => void spare.push(slot),
    close: () => {
      if (file >= 0) closeSync(file);
      file = -1;
    },
  };
}

function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), `backlot-pictures-${process.pid}-`));
  const file = openSync(join(folder, 'held'), 'w+');
  rmSync(folder, { recursive: true });
  return file;
}

function needWhole(done: number, wanted: number): void {
  if (done === wanted) return;
  throw new BacklotError('frame-torn', {
    ...{ expected: `${wanted} bytes of a picture`, where: tmpdir(), found: String(done) },
    remedy: 'See that the folder for temporary files has room, and run it again.',
  });
}
