import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Report } from '../../src/contract/index.ts';
import { folderHash, SHIPPED_BASE, SHIPPED_UPSCALER } from '../../src/jobs/index.ts';
import { TITLES } from '../../src/sample/titles.ts';
import { FOOTAGE } from '../footage.ts';
import { filmClips, renderedClips, SEED } from './clips.ts';

const PYTHON = fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));
const SCRIPT = fileURLToPath(new URL('./sharpness.py', import.meta.url));
const ENGINE = fileURLToPath(new URL('../../engine', import.meta.url));

const groupSchema = z.object({
  group: z.string(),
  clips: z.int(),
  psnr: z.number(),
  psnrBicubic: z.number(),
  flicker: z.number(),
  flickerBicubic: z.number(),
  flickerSharp: z.number(),
});
const costSchema = z.object({ group: z.literal('cost'), seconds: z.number() });

/** Does the upscaler come nearer to the sharp picture than bicubic, on worlds and on films that it never saw, without flicker? */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const dir = mkdtempSync(join(tmpdir(), 'backlot-bench-upscaler-'));
  try {
    const groups = await clipGroups(dir, quick ? 4 : 24, report);
    const sheet = process.env.BACKLOT_BENCH_SHEET ?? join(dir, 'sheet.png');
    const lines = await measure(groups, sheet);
    const rows = [...lines.flatMap(rowsOf), ...missing()];
    return { bench: 'upscaler', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function clipGroups(dir: string, count: number, report: Report): Promise<string[]> {
  const kinds = ['worlds', ...TITLES.map(({ slug }) => `title:${slug}`)];
  const paths: string[] = [];
  for (const [done, kind] of kinds.entries()) {
    report({ phase: 'rendering clips', done, total: kinds.length, unit: 'kinds' });
    paths.push(await renderedClips(dir, kind, count));
  }
  if (existsSync(films)) paths.push(...(await filmClips(dir, films, count)));
  return paths;
}

const films = join(FOOTAGE, 'catalog');
const missing = () =>
  existsSync(films)
    ? []
    : [
        {
          what: 'real films',
          value: `skipped: no footage at ${FOOTAGE}: name it in BACKLOT_FOOTAGE`,
          unit: '',
        },
      ];

async function measure(groups: readonly string[], sheet: string): Promise<unknown[]> {
  const args = [SCRIPT, SHIPPED_UPSCALER, await folderHash(SHIPPED_UPSCALER), SHIPPED_BASE, sheet, ...groups];
  const child = spawn(process.env.BACKLOT_PYTHON ?? PYTHON, args, {
    env: { ...process.env, PYTHONPATH: ENGINE },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function rowsOf(line: unknown) {
  const cost = costSchema.safeParse(line).data;
  if (cost) return [{ what: 'one take of 17 frames, one thread', value: cost.seconds, unit: 'CPU s' }];
  const { group, clips: n, ...of } = groupSchema.parse(line);
  const peer = (value: number) => `bicubic: ${value.toFixed(2)}`;
  return [
    { what: `${group}: PSNR to the sharp clip`, value: of.psnr, unit: 'dB', n, peer: peer(of.psnrBicubic) },
    {
      ...{ what: `${group}: flicker`, value: of.flicker, unit: 'grey levels', n },
      peer: `${peer(of.flickerBicubic)}, sharp clip: ${of.flickerSharp.toFixed(2)}`,
    },
  ];
}
