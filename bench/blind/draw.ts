// node bench/blind/draw.ts --out DIR [--takes 24] [--seed 31]
// Takes of every arm of bench/adaptation on its titles, as many of each arm, for a person to judge before the checker reads any.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DatasetInput, Report } from '../../src/contract/index.ts';
import type { Expect } from '../../src/generate/index.ts';
import { baseInput } from '../../src/jobs/index.ts';
import { modelOf, STEPS } from '../adaptation/cell.ts';
import { ARMS, type Arm, MAIN_SIZE, TITLES } from '../adaptation/cells.ts';
import { retrievedTakes } from '../adaptation/retrieval.ts';
import { benchIn } from '../lanes.ts';
import { takeLines } from '../sheet.ts';
import { studioSnapshot } from '../studio.ts';
import { briefsFor, drawTakes } from '../takes.ts';

/** A take of an arm: what was asked, in words and apart, and where its pixels lie. */
export interface Drawn {
  take: string;
  arm: Arm;
  title: string;
  text: string;
  expect: Expect;
  pixels: string;
}

interface Wish {
  arm: Arm;
  title: string;
  takes: number;
  seed: number;
}

async function draw(out: string, takes: number, seed: number, report: Report): Promise<void> {
  const drawn: Drawn[] = [];
  for (const arm of ARMS) {
    for (const title of TITLES)
      drawn.push(...(await drawPart(out, { arm, title, takes: takes / TITLES.length, seed }, report)));
  }
  writeFileSync(join(out, 'drawn.json'), `${JSON.stringify(drawn, null, 1)}\n`);
}

async function drawPart(out: string, wish: Wish, report: Report): Promise<Drawn[]> {
  const { arm, title, seed } = wish;
  const dataset = await studioSnapshot(join(out, `clips-${title}`), [title], MAIN_SIZE, seed);
  const briefs = briefsFor([title], wish.takes, seed).map((brief) => ({ ...brief, candidates: 1 }));
  const path =
    arm === 'retrieval'
      ? retrievedTakes(join(out, `retrieved-${title}`), briefs, dataset)
      : await modelTakes(benchIn(out, report, `${arm}, ${title}`), wish, briefs, dataset);
  return takeLines(path).flatMap((take) => {
    const brief = briefs.find(({ id }) => take.id.startsWith(`${id}-`));
    if (!brief) return [];
    const { text, expect } = brief;
    return [{ take: `${arm}-${take.id}`, arm, title, text, expect, pixels: join(dirname(path), take.path) }];
  });
}

async function modelTakes(
  bench: ReturnType<typeof benchIn>,
  of: Pick<Wish, 'arm' | 'seed'>,
  briefs: ReturnType<typeof briefsFor>,
  dataset: DatasetInput,
): Promise<string> {
  const base = await baseInput();
  return drawTakes(bench, await modelOf(bench, base, of, dataset, { steps: STEPS }), briefs);
}

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    takes: { type: 'string', default: '24' },
    seed: { type: 'string', default: '31' },
  },
});
if (!values.out) throw new Error('expected --out DIR');
let told = 0;
await draw(values.out, Number(values.takes), Number(values.seed), ({ phase, done, total }) => {
  if (performance.now() - told < 10_000) return;
  told = performance.now();
  process.stderr.write(`${phase} ${done}/${total}\n`);
});
