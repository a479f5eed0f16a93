import { existsSync, readFileSync } from 'node:fs';
import { type Counts, countOne, countPytest, countVitest } from './counts.ts';

/** One line of the table: a command and how to count what it did. Paths are relative to the repository's root. */
export interface Step {
  name: string;
  command: string;
  args: string[];
  folder?: string;
  /** The file the command writes its results to; without one the step counts as one check. */
  report?: { path: string; count: (text: string) => Counts };
}

const bin = (path: string): string => `node_modules/${path}`;
const node = (name: string, ...args: string[]): Step => ({ name, command: process.execPath, args });

const python = (name: string, ...args: string[]): Step => ({
  name,
  command: process.env.BACKLOT_PYTHON ?? '.backlot/venv/bin/python',
  args: ['-m', ...args],
  folder: 'engine',
});

/** What ruff reads by the engine's settings, from its folder; what mypy reads stands in the settings themselves. */
const PYTHON = ['--config=pyproject.toml', '.', '../bench', '../assets', '../test'];

/** Where the reports of the last run lie. */
export const REPORTS = '.backlot/test';

/** Every check and both languages' tests, the quick ones first; those of one list run at once. `root` is the repository's folder. */
export const steps = (root: string): Step[][] => [
  ...checks(root).map((step) => [step]),
  ...tests(`${root}/${REPORTS}`),
];

function checks(root: string): Step[] {
  const folders = ['src', 'setup', 'scripts', 'bench', 'test', 'web'].filter((name) =>
    existsSync(`${root}/${name}`),
  );
  const cruiser = [
    '--import',
    './scripts/typescript-api.mjs',
    bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
  ];
  return [
    node('types', bin('typescript/bin/tsc')),
    node('lint', bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '--error-on-warnings'),
    node('import rules', ...cruiser, '--config', '.dependency-cruiser.mjs', ...folders),
    node('contract drift', 'scripts/contract.ts', '--check'),
    node('unused code', bin('knip/bin/knip.js')),
    node('tree', 'scripts/tree.ts'),
    python('python lint', 'ruff', 'check', '--no-cache', ...PYTHON),
    python('python format', 'ruff', 'format', '--check', '--no-cache', ...PYTHON),
    python('python types', 'mypy'),
  ];
}

/** Units wait for disks and processes half their time, which the engine's tests use; whole commands come after them. */
function tests(folder: string): Step[][] {
  const pytest = `${folder}/pytest.xml`;
  const engine = {
    ...python('engine tests', 'pytest', '-p', 'no:cacheprovider', `--junitxml=${pytest}`),
    report: { path: pytest, count: countPytest },
  };
  return [[vitest('unit tests', 'unit', folder), engine], [vitest('end-to-end tests', 'e2e', folder)]];
}

function vitest(name: string, project: string, folder: string): Step {
  const path = `${folder}/vitest-${project}.json`;
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile=${path}`];
  return {
    ...node(name, bin('vitest/vitest.mjs'), 'run', '--project', project, ...reporters),
    report: { path, count: countVitest },
  };
}

/** What the step did, from its own report where it wrote one. */
export function countsOf(step: Step, ok: boolean): Counts {
  if (!step.report || !existsSync(step.report.path)) return countOne(ok);
  return step.report.count(readFileSync(step.report.path, 'utf8'));
}
