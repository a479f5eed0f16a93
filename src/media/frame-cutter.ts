import { BacklotError } from '../contract/index.ts';

/** Waits for nothing where it gives nothing to wait for. */
type OnBytes = (index: number, bytes: Buffer) => void | Promise<void>;

/** Bytes that small frames are cut from at once: a piece of memory for each would keep the collector busy. */
const SLAB = 2 ** 19;

function frameMaker(size: number, isLent: boolean): () => Buffer {
  const lent = isLent ? Buffer.allocUnsafeSlow(size) : null;
  const many = Math.max(1, Math.floor(SLAB / size));
  let [slab, made] = [Buffer.alloc(0), many];
  return () => {
    if (lent) return lent;
    if (made === many) [slab, made] = [Buffer.allocUnsafeSlow(many * size), 0];
    const at = made++ * size;
    return slab.subarray(at, at + size);
  };
}

/** Cuts a stream of bytes into frames of `size` bytes; no two share any, unless they are lent. */
export function frameCutter(size: number, isLent: boolean, onFrame: OnBytes) {
  const newFrame = frameMaker(size, isLent);
  let frame = newFrame();
  let filled = 0;
  let count = 0;
  /** Waits for nothing where nobody asks it to. */
  const take = (chunk: Buffer, from = 0): Promise<void> | undefined => {
    for (let at = from; at < chunk.length; ) {
      const copied = chunk.copy(frame, filled, at, at + size - filled);
      at += copied;
      filled += copied;
      if (filled < size) return undefined;
      const whole = frame;
      filled = 0;
      const open = onFrame(count++, whole);
      frame = newFrame();
      if (open instanceof Promise) return open.then(() => take(chunk, at));
    }
    return undefined;
  };
  const end = (path: string): number => {
    if (filled > 0) throw torn(path, filled, size);
    return count;
  };
  return { take, end };
}

function torn(path: string, filled: number, size: number): BacklotError {
  return new BacklotError('frame-torn', {
    expected: `whole frames of ${size} bytes`,
    where: path,
    found: `${filled} bytes at the end`,
    remedy: 'Run it again; if it happens again, report it with the file.',
  });
}
