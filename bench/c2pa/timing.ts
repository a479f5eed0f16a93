import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tables } from '../../src/db/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { sha256Of } from '../../src/provenance/digest.ts';
import { readAnchors, signTake, verifyFile } from '../../src/provenance/index.ts';
import { cpuSeconds } from '../shots/cpu.ts';
import { median } from '../shots/score.ts';

export interface Timed {
  rows: object[];
  /** A take of the film, and its signed file. */
  take: string;
  signed: string;
}

/** Seconds on the clock and of processor time. */
export async function timed(work: () => Promise<unknown>): Promise<{ seconds: number; cpu: number }> {
  const [start, before] = [performance.now(), cpuSeconds()];
  await work();
  return { seconds: (performance.now() - start) / 1000, cpu: cpuSeconds() - before };
}

/** Signs and verifies the same film as so many takes; the first also loads the library, so it is counted apart. */
export async function timingRows(context: Context, film: string, repeats: number): Promise<Timed> {
  const megabytes = (await stat(film)).size / 1e6;
  const runs: { sign: Awaited<ReturnType<typeof timed>>; verify: Awaited<ReturnType<typeof timed>> }[] = [];
  let signed = '';
  for (let n = 0; n <= repeats; n++) {
    const take = await addTake(context, film, n);
    const sign = await timed(async () => {
      signed = (await signTake(context, take)).signedPath;
    });
    const anchors = await readAnchors(context.paths.keys);
    runs.push({ sign, verify: await timed(() => verifyFile(signed, anchors)) });
  }
  return {
    rows: rowsOf(megabytes, runs),
    take: 'tak_0',
    signed: join(context.paths.takes, 'signed', 'tak_0.mp4'),
  };
}

type Run = { seconds: number; cpu: number };

function rowsOf(megabytes: number, runs: { sign: Run; verify: Run }[]) {
  const [first, ...rest] = runs;
  const n = rest.length;
  const both = (what: 'seconds' | 'cpu', { sign, verify }: { sign: Run; verify: Run }) =>
    sign[what] + verify[what];
  const row = (what: string, value: number, unit: string) => ({
    what,
    value: Number(value.toFixed(3)),
    unit,
    n,
  });
  return [
    { ...row('a take of 10 s, 1080p, H.264', megabytes, 'MB'), n: 1 },
    row(
      'signing it (hash, sign, read back, record, fingerprint)',
      median(rest.map(({ sign }) => sign.seconds)),
      's, median',
    ),
    row('the same', median(rest.map(({ sign }) => sign.cpu)), 'CPU s, median'),
    row('verifying it', median(rest.map(({ verify }) => verify.seconds)), 's, median'),
    row('the same', median(rest.map(({ verify }) => verify.cpu)), 'CPU s, median'),
    row('both', median(rest.map((run) => both('seconds', run))), 's, median'),
    row('both', median(rest.map((run) => both('cpu', run))), 'CPU s, median'),
    { ...row('both, the first time in a process', first ? both('seconds', first) : 0, 's'), n: 1 },
  ];
}

async function addTake({ db }: Context, videoPath: string, n: number): Promise<string> {
  const id = `tak_${n}`;
  const brief = { id: 'b', text: 'tiles that move' };
  const made = { briefId: 'b', brief, modelId: 'mdl_bench', runId: 'run_bench', candidate: n, seed: n };
  const file = { videoPath, videoSha256: sha256Of(await readFile(videoPath)) };
  await db
    .insert(tables.generateTakes)
    .values({ id, ...made, rawPath: '', rawSha256: 'a'.repeat(64), ...file });
  return id;
}
