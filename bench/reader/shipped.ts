import { fileURLToPath } from 'node:url';
import { checkerIn } from '../../src/review/index.ts';

/** The reader of worlds: a checker that knows the base's words and no title. Benches alone use it. */
export async function shippedReader() {
  const reader = await checkerIn(fileURLToPath(new URL('../../assets/reader', import.meta.url)));
  if (reader) return reader;
  throw new Error('assets/reader holds no reader that its card speaks of');
}
