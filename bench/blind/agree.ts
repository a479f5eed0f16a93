// node bench/blind/agree.ts KEY ANSWERS [CHECKER...]
// Reads the takes of the sheets with checkers, only now, and compares them with what a person accepted. ANSWERS: the numbers that were
// accepted, apart by spaces or lines. CHECKER: a folder like assets/checker; the first, or the shipped one, is told in full.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkerIn, readTakes, SHIPPED_CHECKER, usable } from '../../src/review/index.ts';
import { writeTakes } from '../checker/takes.ts';
import { benchIn } from '../lanes.ts';
import { checkerRow } from '../takes.ts';
import { errorsOf, rowsOf, type Seen, saidOf } from './count.ts';
import type { Drawn } from './draw.ts';

type Checker = NonNullable<Awaited<ReturnType<typeof checkerIn>>>;

/** Copies are not refused here: no eye can tell them without all the clips beside it. */
async function seenBy(
  { path, sha256, card }: Checker,
  key: readonly Drawn[],
  accepted: ReadonlySet<number>,
): Promise<Seen[]> {
  const dir = mkdtempSync(join(tmpdir(), 'backlot-bench-blind-'));
  try {
    const shown = key.map((one) => ({ id: one.take, pixels: readFileSync(one.pixels) }));
    const bench = benchIn(dir, () => {}, 'blind');
    const { lines } = await readTakes(bench, writeTakes(dir, shown), { path, sha256, card }, null);
    return key.map(({ take, arm, text, expect }, i) => {
      const line = lines.get(take);
      if (!line) throw new Error(`no reading of ${take}`);
      const { verdict, reasons } = usable(line, expect, card.limits, null);
      const passed = verdict !== 'not usable';
      return {
        number: i + 1,
        arm,
        text,
        reasons: passed ? [] : reasons,
        accepted: accepted.has(i + 1),
        passed,
      };
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function table(key: readonly Drawn[], accepted: ReadonlySet<number>, folders: readonly string[]) {
  const rows: object[] = [];
  let first: Seen[] = [];
  for (const [place, folder] of folders.entries()) {
    const checker = await checkerIn(resolve(folder));
    if (!checker) throw new Error(`${folder} holds no checker that its card speaks of`);
    const seen = await seenBy(checker, key, accepted);
    if (place === 0) first = seen;
    if (place === 0) rows.push(checkerRow(checker.sha256));
    rows.push(...rowsOf(seen, place === 0 ? '' : `the same takes, checker ${checker.sha256.slice(0, 12)}: `));
  }
  const date = new Date().toISOString().slice(0, 10);
  return {
    ...{ bench: 'blind', date, cpu: cpus()[0]?.model, rows },
    said: saidOf(first),
    ...errorsOf(first),
  };
}

const [keyPath = '', answers = '', ...folders] = process.argv.slice(2);
const key = JSON.parse(readFileSync(keyPath, 'utf8')) as Drawn[];
const accepted = new Set(readFileSync(answers, 'utf8').split(/\s+/).filter(Boolean).map(Number));
const counted = await table(key, accepted, folders.length > 0 ? folders : [SHIPPED_CHECKER]);
process.stdout.write(`${JSON.stringify(counted, null, 1)}\n`);
