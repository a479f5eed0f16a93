// node src/sample/clips-cli.ts --kind worlds|fellows|title:<slug> --count N --seed S --out DIR [--size clip|sharp] [--heldout 0.03] [--workers 2]
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { sealRendered } from '../trust/index.ts';
import { CLIP, SHARP } from './clips.ts';
import { type ClipJob, type ShardLine, shardsOf, writeManifest, writeShard } from './shards.ts';

type Message = { clips: number } | { lines: ShardLine[] };
const REPORT_EVERY = 50;

function readJob(): { job: ClipJob; workers: number } {
  const { values } = parseArgs({
    options: {
      kind: { type: 'string', default: 'worlds' },
      count: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      size: { type: 'string', default: 'clip' },
      heldout: { type: 'string', default: '0.03' },
      workers: { type: 'string', default: '1' },
    },
  });
  if (!values.out) throw new Error('expected --out DIR, the folder for the shards; found none');
  const job = {
    kind: values.kind,
    count: Number(values.count),
    seed: Number(values.seed),
    heldout: Number(values.heldout),
    dir: values.out,
    size: values.size === 'sharp' ? SHARP : CLIP,
  };
  return { job, workers: Number(values.workers) };
}

/** In a worker: renders every `workers`-th shard and reports to the main thread. */
async function work(job: ClipJob, first: number, step: number): Promise<void> {
  let clips = 0;
  const tell = (message: Message) => parentPort?.postMessage(message);
  for (let shard = first; shard < shardsOf(job); shard += step) {
    const lines = await writeShard(job, shard, () => {
      if (++clips % REPORT_EVERY === 0) tell({ clips: REPORT_EVERY });
    });
    tell({ lines });
  }
}

async function main(): Promise<void> {
  const { job, workers } = readJob();
  const began = performance.now();
  const lines: ShardLine[] = [];
  let done = 0;
  const hear = (message: Message) => {
    if ('lines' in message) return void lines.push(...message.lines);
    done += message.clips;
    const rate = (done / (performance.now() - began)) * 1000;
    process.stderr.write(`\r${done}/${job.count} clips, ${rate.toFixed(1)} clips/s   `);
  };
  await Promise.all(Array.from({ length: workers }, (_, first) => runWorker(job, first, workers, hear)));
  await sealRendered({ path: job.dir, digest: writeManifest(job.dir, lines) });
  const seconds = (performance.now() - began) / 1000;
  process.stderr.write(
    `\n${lines.length} clips in ${seconds.toFixed(1)} s, ${(lines.length / seconds).toFixed(1)} clips/s -> ${job.dir}\n`,
  );
}

function runWorker(
  job: ClipJob,
  first: number,
  step: number,
  hear: (message: Message) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { job, first, step } });
    worker.on('message', hear);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

if (isMainThread) await main();
else await work(workerData.job, workerData.first, workerData.step);
