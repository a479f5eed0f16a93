import { createHash } from 'node:crypto';
import { BacklotError } from '../contract/index.ts';

/** What a run has left must be what it marked, as it was read. @throws BacklotError `takes-altered` */
export function mustHash(where: string, bytes: Buffer, sha256: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return;
  throw new BacklotError('takes-altered', {
    expected: `content with sha256 ${sha256}, as the run left it`,
    where,
    found,
    remedy: 'Something else has written into the folder of the run: move it away and generate again.',
  });
}
