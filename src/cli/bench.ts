import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { BacklotError, type Report } from '../contract/index.ts';
import { type GlobalOptions, withGlobals } from './globals.ts';
import { progressView } from './progress.ts';
import { runAction } from './run.ts';

interface BenchRow {
  what: string;
  value: number | string | null;
  unit: string;
  low?: number;
  high?: number;
  n?: number;
  peer?: string;
}

interface BenchResult {
  bench: string;
  seed: number;
  rows: BenchRow[];
  seconds: number;
}

interface Bench {
  run(options: { quick: boolean; report: Report }): Promise<BenchResult>;
}

const benchFolder = fileURLToPath(new URL('../../bench', import.meta.url));

/** `bench NAME`: measures, and prints a table. Never part of the tests: timings are not assertions. */
export function addBench(program: Command): void {
  const command = withGlobals(program.command('bench <name>'))
    .description(`measure: ${names().join(', ')}`)
    .option('--quick', 'a smaller sample')
    .addHelpText('after', '\nExample:\n  ./backlot bench shots --quick');
  command.action(async (name: string) => {
    const options = command.opts<GlobalOptions & { quick?: boolean }>();
    await runAction(options, async () => {
      const view = progressView();
      try {
        const result = await (await load(name)).run({ quick: options.quick ?? false, report: view.report });
        view.end();
        process.stdout.write(`${options.json ? JSON.stringify(result) : tableOf(result)}\n`);
        return 0;
      } finally {
        view.end();
      }
    });
  });
}

const names = (): string[] =>
  existsSync(benchFolder)
    ? readdirSync(benchFolder).filter((name) => existsSync(`${benchFolder}/${name}/index.ts`))
    : [];

async function load(name: string): Promise<Bench> {
  if (names().includes(name))
    return (await import(pathToFileURL(`${benchFolder}/${name}/index.ts`).href)) as Bench;
  throw new BacklotError('bad-input', {
    expected: `one of ${names().join(', ')}`,
    where: 'bench NAME',
    found: name,
    remedy: 'Name a bench that exists.',
  });
}

function tableOf({ bench, seed, rows, seconds }: BenchResult): string {
  const lines = rows.map(({ what, value, unit, low, high, n, peer }) => {
    const interval = low === undefined || high === undefined ? '' : ` [${low}, ${high}]`;
    return `| ${what} | ${value} ${unit}${interval} | ${n ?? ''} | ${peer ?? ''} |`;
  });
  const head = `${bench}, seed ${seed}, ${Math.round(seconds)} s\n| what | value | n | peer |\n|---|---|---|---|`;
  return [head, ...lines].join('\n');
}
