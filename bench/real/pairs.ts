// node bench/real/pairs.ts --out DIR [--pairs 20] [--seed 1] ONE_RUN OTHER_RUN
// Takes of two models for the same brief and seed, one above the other in an order drawn by chance; the key lies beside the sheets.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TakeLine } from '../../src/contract/index.ts';
import { rngOf, shuffled } from '../../src/sample/random.ts';
import { drawSheet, takeLines, textsIn } from '../sheet.ts';

const PAIRS_PER_SHEET = 5;

interface Pair {
  brief: string;
  text: string;
  /** Whose take lies above: 0 is the run named first. */
  above: 0 | 1;
  pixels: [string, string];
}

/** The n-th take of a brief from one run beside the n-th from the other. */
function pairsOf(runs: readonly [string, string]): Omit<Pair, 'above'>[] {
  const [one, other] = runs.map((run) =>
    Map.groupBy(takeLines(join(run, 'takes.jsonl')), ({ brief }) => brief),
  );
  return [...textsIn(runs[0])].flatMap(([id, text]) =>
    (one?.get(id) ?? []).flatMap((take: TakeLine, i) => {
      const twin = other?.get(id)?.[i];
      return twin
        ? [
            {
              brief: id,
              text,
              pixels: [join(runs[0], take.path), join(runs[1], twin.path)] as [string, string],
            },
          ]
        : [];
    }),
  );
}

function draw(out: string, runs: readonly [string, string], count: number, seed: number): void {
  mkdirSync(out, { recursive: true });
  const rng = rngOf('pairs', seed);
  const pairs: Pair[] = shuffled(rng, pairsOf(runs))
    .slice(0, count)
    .map((pair) => ({ ...pair, above: rng.chance(0.5) ? 0 : 1 }));
  for (let first = 0; first < pairs.length; first += PAIRS_PER_SHEET) drawPart(out, pairs, first);
  writeFileSync(join(out, 'key.json'), `${JSON.stringify(pairs, null, 1)}\n`);
}

function drawPart(out: string, pairs: readonly Pair[], first: number): void {
  const rows = pairs.slice(first, first + PAIRS_PER_SHEET).flatMap(({ text, above, pixels }, i) =>
    [above, 1 - above].map((run, place) => ({
      text: `${first + i + 1} ${place === 0 ? 'above' : 'below'}. ${text}`,
      pixels: readFileSync(pixels[run] as string),
    })),
  );
  drawSheet(join(out, `pairs-${first / PAIRS_PER_SHEET + 1}.png`), rows);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    pairs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const [one, other] = positionals;
if (!values.out || !one || !other)
  throw new Error('expected --out DIR and two runs that made takes of the same briefs');
draw(values.out, [one, other], Number(values.pairs), Number(values.seed));
