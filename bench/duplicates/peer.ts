import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { CatalogFile } from '../../src/catalog/index.ts';
import { parseRate, rateNumber } from '../../src/media/index.ts';
import type { Copy, Shot } from '../../src/shots/index.ts';

const foundSchema = z.object({ pairs: z.array(z.tuple([z.string(), z.string()])), cpu: z.number() });
const script = fileURLToPath(new URL('./vpdq.py', import.meta.url));

/**
 * A Python that has `pdqhash==0.2.8` and `numpy`, which pdqhash does not name: both in a virtual environment, pdqhash with a C++ compiler,
 * for it is built from source; so the tests do not install it. PyPI's own `vpdq` 0.2.5 is built against the headers of FFmpeg's libraries
 * (libavdevice, libavfilter, libavformat, ...) and hashes whole files: what is compared here is its rule, on the same shots.
 */
const python = process.env.BACKLOT_PDQ_PYTHON;

/** What PDQ hashes and vPDQ's rule find among the same shots; null where nobody named a Python that has them. */
export async function askPeer(
  files: readonly CatalogFile[],
  shots: readonly Shot[],
  dir: string,
): Promise<{ copies: Copy[]; cpu: number } | null> {
  if (!python) return null;
  const films = files.map(({ id, path, fps }) => ({
    ...{ path, fps: rateNumber(parseRate(fps)) },
    shots: shots.filter(({ fileId }) => fileId === id).map((shot) => ({ ...shot, facts: undefined })),
  }));
  const job = join(dir, 'peer.json');
  await writeFile(job, JSON.stringify({ films }));
  const { stdout } = await promisify(execFile)(python, [script, job], { maxBuffer: 1 << 28 });
  const { pairs, cpu } = foundSchema.parse(JSON.parse(stdout));
  const known = new Map(shots.map((shot) => [shot.id, shot]));
  return { copies: pairs.map(([a, b]) => pairOf(known.get(a) as Shot, known.get(b) as Shot)), cpu };
}

/** It says which shots, not where they are alike. */
const pairOf = (a: Shot, b: Shot): Copy => ({
  a: { shot: a.id, in: a.in, out: a.out },
  b: { shot: b.id, in: b.in, out: b.out },
  ...{ kinds: [], similarity: 1, speed: 1 },
});
