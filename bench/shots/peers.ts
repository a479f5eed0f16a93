import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Transition } from '../../src/shots/index.ts';

const lineSchema = z.object({
  file: z.string(),
  frames: z.int(),
  pyscenedetect: z.object({ cuts: z.array(z.int()), cpu: z.number() }),
  transnetv2: z.object({ runs: z.array(z.tuple([z.int(), z.int()])), cpu: z.number() }),
});

/** What a detector found in a film, and the CPU seconds that it took. */
export interface Finding {
  transitions: Transition[];
  cpu: number;
}

export type PeerName = 'pyscenedetect' | 'transnetv2';
export type Peers = Record<PeerName, Finding>;

const script = fileURLToPath(new URL('./peers.py', import.meta.url));
const python = fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));

/** Runs both peers on films, one after another in one process of one thread. By path. */
export async function askPeers(paths: readonly string[]): Promise<Map<string, Peers>> {
  const env = {
    ...process.env,
    BACKLOT_FFMPEG: process.env.BACKLOT_FFMPEG || 'ffmpeg',
    OMP_NUM_THREADS: '1',
  };
  const child = spawn(process.env.BACKLOT_PYTHON ?? python, [script, ...paths], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  // Its CPU seconds count as this process's from when it is gone, and would fall into what is timed next.
  await gone;
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length < paths.length)
    throw new Error('the peers did not finish: ./backlot test installs what they need');
  return new Map(lines.map((line) => found(lineSchema.parse(JSON.parse(line)))));
}

function found({ file, pyscenedetect, transnetv2 }: z.infer<typeof lineSchema>): [string, Peers] {
  const cuts = pyscenedetect.cuts.map((end): Transition => ({ start: end - 1, end, type: 'cut' }));
  const runs = transnetv2.runs.map(transitionOf);
  return [
    file,
    {
      pyscenedetect: { transitions: cuts, cpu: pyscenedetect.cpu },
      transnetv2: { transitions: runs, cpu: transnetv2.cpu },
    },
  ];
}

/** TransNetV2 names no kinds: one or two frames are a cut behind the first, more are gradual. */
function transitionOf([start, end]: [number, number]): Transition {
  return end - start < 2 ? { start: end, end: end + 1, type: 'cut' } : { start, end, type: 'dissolve' };
}
