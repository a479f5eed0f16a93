import { parentPort, workerData } from 'node:worker_threads';
import { trialsOf } from './trials.ts';

parentPort?.postMessage(await trialsOf(workerData));
