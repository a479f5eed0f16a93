import type { Report } from '../../src/contract/index.ts';
import { handle } from '../../src/jobs/handle.ts';
import type { Context, Operation } from '../../src/jobs/index.ts';
import { operations } from '../../src/provenance/operations.ts';
import type { Withdrawal } from '../../src/provenance/schema.ts';
import { decideHoldings, holdingsOf } from '../../src/rights/bulk.ts';
import { testContext } from '../../test/support/context.ts';
import { bruteForce } from './brute.ts';
import { FULL, fillWorkspace, QUICK, SEED, type Size } from './workspace.ts';

/** How long does `rights revoke --dry-run` take, from its input to its checked answer, and is what it lists right? */

/** Seen in six titles; owns and grants nothing. */
const PARTY = 'p777';
const USE = 'train.style';
const REPEATS = 5;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const size = quick ? QUICK : FULL;
  const { context, close } = await testContext();
  try {
    report({ phase: 'making a workspace', done: 0, total: 1, unit: 'workspaces' });
    await fillWorkspace(context, size);
    const took: Took[] = [];
    for (let n = 0; n <= REPEATS; n++) {
      report({ phase: 'trying the withdrawal', done: n, total: REPEATS + 1, unit: 'times' });
      took.push(await tried(context, { party: PARTY }));
    }
    const last = (took.at(-1) as Took).answer;
    const rows = [
      ...(await sizeRows(context, size)),
      ...timeRows(took),
      ...rightRows(last, await bruteForce(context, PARTY)),
      ...(await changeRows(context, last)),
    ];
    return { bench: 'withdrawal', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    await close();
  }
}

interface Took {
  seconds: number;
  cpu: number;
  answer: Withdrawal;
}

/** The operation as the API runs it: input checked, answer checked. */
async function tried(context: Context, target: object): Promise<Took> {
  const operation = operations.find(({ name }) => name === 'rights.revoke') as Operation;
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const answer = (await handle(operation, context, { ...target, dryRun: true })) as Withdrawal;
  return { seconds: (performance.now() - start) / 1000, cpu: cpuSince(cpu), answer };
}

/** The database is in this process: what it works counts. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function sizeRows({ db }: Context, size: Size) {
  const counts = [
    'rights_rows',
    'generate_takes',
    'provenance_records',
    'provenance_audit',
    'provenance_deliveries',
  ];
  const counted = counts.map(async (table) => {
    const { rows } = await db.$client.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    return { what: `rows of ${table}`, value: rows[0]?.n ?? 0, unit: 'rows' };
  });
  const made = ['shots', 'titles', 'snapshots', 'models'] as const;
  return [
    ...made.map((what) => ({ what, value: size[what], unit: 'rows' })),
    ...(await Promise.all(counted)),
  ];
}

function timeRows([first, ...others]: Took[]) {
  const whole = 'rights.revoke --dry-run of one party';
  return [
    { what: `${whole}, the first in the process`, value: first?.seconds ?? Number.NaN, unit: 's' },
    { what: 'the same, CPU', value: first?.cpu ?? Number.NaN, unit: 'CPU s' },
    { what: `${whole} (median, least and most)`, unit: 's', ...spread(others.map(({ seconds }) => seconds)) },
    { what: 'the same, CPU', unit: 'CPU s', ...spread(others.map(({ cpu }) => cpu)) },
    { what: 'of which the search', unit: 's', ...spread(others.map(({ answer }) => answer.impactSeconds)) },
  ];
}

function spread(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { value, low: sorted[0] ?? value, high: sorted.at(-1) ?? value, n: sorted.length };
}

function rightRows({ touched, counts }: Withdrawal, truth: ReadonlySet<string>) {
  const found = new Set(touched.map(({ id }) => id));
  const right = [...found].filter((id) => truth.has(id)).length;
  const kinds = Object.entries(counts).filter(([, value]) => value > 0);
  return [
    ...kinds.map(([kind, value]) => ({ what: `reached: ${kind}`, value, unit: 'items' })),
    { what: 'recall against brute force', value: right / truth.size, unit: 'share', n: truth.size },
    { what: 'precision against brute force', value: right / found.size, unit: 'share', n: found.size },
  ];
}

/** Decisions that change, against those on all shots of the workspace by the whole ledger, for one use. */
async function changeRows(context: Context, { withdrawn: at, changes }: Withdrawal) {
  const before = await holdingsOf(context);
  if (!before.ledger) throw new Error('no ledger');
  const parties = before.ledger.document.parties.map((row) =>
    row.id === PARTY ? { ...row, withdrawn: at } : row,
  );
  const after = {
    ...before,
    ledger: { ...before.ledger, document: { ...before.ledger.document, parties } },
  };
  const ask = { use: USE, territory: 'world', asOf: at } as const;
  const now = decideHoldings(after, ask);
  const changed = decideHoldings(before, ask).filter(({ outcome }, n) => now[n]?.outcome !== outcome);
  const listed = new Set(changes.flatMap(({ use, shotId }) => (use === USE ? [shotId] : [])));
  const missed = changed.filter(({ shotId }) => !listed.has(shotId)).length;
  return [
    {
      what: `decisions that change for ${USE}`,
      value: changed.length,
      unit: 'shots',
      n: before.shots.length,
    },
    { what: 'of which not listed', value: missed, unit: 'shots' },
    { what: 'listed and unchanged', value: listed.size - (changed.length - missed), unit: 'shots' },
  ];
}
