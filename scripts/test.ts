// `./backlot test`: every check and both languages' tests, then a table and the line that says how many passed.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Counts, settled, sum } from './testing/counts.ts';
import { countsOf, REPORTS, type Step, steps } from './testing/steps.ts';

interface Outcome {
  step: Step;
  counts: Counts;
  seconds: number;
}

/** A step that hangs is ended: far more than any step needs, also beside other work. */
const STEP_LIMIT_MS = 900_000;
/** How much of a failed step's output is shown. */
const TAIL_LINES = 120;
const root = fileURLToPath(new URL('..', import.meta.url));

/** Words go to stderr where the answer is JSON. */
const asJson = process.argv.includes('--json');
const say = asJson ? console.error : console.log;

async function main(): Promise<number> {
  process.chdir(root);
  const began = performance.now();
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  const outcomes: Outcome[] = [];
  for (const group of steps(root.replace(/\/$/, ''))) outcomes.push(...(await runGroup(group)));
  const total = sum(outcomes.map(({ counts }) => counts));
  say(tableOf(outcomes));
  for (const skip of total.skips) say(`skipped: ${skip}`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  if (asJson) console.log(JSON.stringify(answerOf(outcomes, (performance.now() - began) / 1000)));
  else say(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 ? 1 : 0;
}

function answerOf(outcomes: readonly Outcome[], seconds: number) {
  const { passed, failed, skipped, skips } = sum(outcomes.map(({ counts }) => counts));
  const rows = outcomes.map(({ step, counts, seconds: took }) => ({
    ...{ name: step.name, passed: counts.passed, failed: counts.failed, skipped: counts.skipped },
    seconds: took,
  }));
  return { passed, failed, skipped, skips, seconds, steps: rows };
}

function runGroup(group: readonly Step[]): Promise<Outcome[]> {
  say(`${group.map(({ name }) => name).join(' and ')} ...`);
  return Promise.all(group.map(runStep));
}

async function runStep(step: Step): Promise<Outcome> {
  const began = performance.now();
  const { ok, output } = await execute(step);
  const seconds = (performance.now() - began) / 1000;
  const counts = settled(countsOf(step, ok), ok);
  say(`  ${step.name}: ${counts.failed > 0 ? 'FAILED' : 'ok'} (${seconds.toFixed(1)} s)`);
  if (counts.failed > 0) say(output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n'));
  return { step, counts, seconds };
}

/** Runs the command without a terminal; its output is kept, in order, for the case that it fails. */
function execute({ command, args, folder = '.' }: Step): Promise<{ ok: boolean; output: string }> {
  const pieces: Buffer[] = [];
  const child = spawn(command === process.execPath ? command : resolve(command), args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1' },
    timeout: STEP_LIMIT_MS,
  });
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
  return new Promise((done) => {
    const output = (): string => Buffer.concat(pieces).toString('utf8');
    child.on('error', (error) => done({ ok: false, output: `${output()}\n${error.message}` }));
    child.on('close', (code, signal) => {
      const ended = signal ? `\nended by ${signal}` : '';
      done({ ok: code === 0, output: output() + ended });
    });
  });
}

function tableOf(outcomes: readonly Outcome[]): string {
  const cells = outcomes.map(({ step, counts, seconds }) => [
    step.name,
    String(counts.passed),
    String(counts.failed),
    String(counts.skipped),
    seconds.toFixed(1),
  ]);
  const rows = [['step', 'passed', 'failed', 'skipped', 'seconds'], ...cells];
  return rows
    .map(([name = '', ...numbers]) => name.padEnd(16) + numbers.map((n) => n.padStart(9)).join(''))
    .join('\n');
}

process.exitCode = await main();
