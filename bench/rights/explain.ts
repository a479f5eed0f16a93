import { sql } from 'drizzle-orm';
import type { Report } from '../../src/contract/index.ts';
import { tables } from '../../src/db/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { facts } from '../../src/rights/catalogued.test-support.ts';
import { operations } from '../../src/rights/operations.ts';
import { tidyIndexes } from '../../src/rights/store.ts';
import { testContext } from '../../test/support/context.ts';
import type { Size } from './catalogue.ts';
import type { Row } from './index.ts';

/** Shots that are explained, at random places. */
const EXPLAINED = 200;
/** Shots of one title; each of its people is named once, with a range. */
const CAST = 30;

/**
 * `rights explain` in a workspace with the catalogue's ledger: as many titles, grants, restrictions, consents and
 * named appearances. What it reads it finds by index.
 */
export async function explainRows(size: Size, shots: number, report: Report): Promise<Row[]> {
  const { context, close } = await testContext();
  try {
    report({ phase: 'filling a workspace', done: 0, total: 1, unit: 'workspace' });
    await fill(context, size, shots);
    const times = await explained(context, shots);
    const rows = await context.db.select({ n: sql<number>`count(*)::int` }).from(tables.rightsRows);
    return [
      { what: 'rows of the ledger in the workspace', value: rows[0]?.n ?? 0, unit: '' },
      { what: 'shots in the workspace', value: shots, unit: '' },
      { what: 'explain, the first in the process', value: rounded(times[0]?.ms), unit: 'ms' },
      { what: 'explain, the first in the process: processor', value: rounded(times[0]?.cpu), unit: 'CPU ms' },
      ...[0.5, 0.99, 1].flatMap((part) => {
        const what = part === 1 ? 'explain, slowest' : `explain, ${part * 100} % within`;
        const [ms, cpu] = [
          within(
            times.map((one) => one.ms),
            part,
          ),
          within(
            times.map((one) => one.cpu),
            part,
          ),
        ];
        return [
          { what, value: ms, unit: 'ms', n: times.length },
          { what: `${what}: processor`, value: cpu, unit: 'CPU ms', n: times.length },
        ];
      }),
    ];
  } finally {
    await close();
  }
}

interface Took {
  ms: number;
  cpu: number;
}

const rounded = (ms = Number.NaN): number => Math.round(10 * ms) / 10;

/** The times at a part of all, the shortest first. */
const within = (times: readonly number[], part: number): number =>
  rounded(times.toSorted((a, b) => a - b)[Math.ceil(part * times.length) - 1]);

async function explained(context: Context, shots: number): Promise<Took[]> {
  const operation = operations.find(({ name }) => name === 'rights.explain');
  if (!operation) throw new Error('rights.explain is not mounted');
  const times: Took[] = [];
  for (let n = 0; n < EXPLAINED; n++) {
    const input = operation.input.parse({ shot: `sht_${(n * 7919) % shots}` });
    const [started, before] = [performance.now(), process.cpuUsage()];
    await operation.handler(context, input);
    const { user, system } = process.cpuUsage(before);
    times.push({ ms: performance.now() - started, cpu: (user + system) / 1e3 });
  }
  return times;
}

/** What each section's rows hold, as SQL over their number i. */
function contents({ titles, parties, grants, restrictions }: Size): [string, string, number, string][] {
  const title = `'t' || (i % ${titles})`;
  const list = `'titles', jsonb_build_array(${title})`;
  const world = `'territories', '["world"]'::jsonb`;
  const share = `jsonb_build_array(jsonb_build_object('party', 'p' || (i % 400), 'share', '100%'))`;
  const uses = `'uses', '["train.style", "generate.final"]'::jsonb`;
  const no = `'uses', '["generate.ad"]'::jsonb, ${world}, 'reason', 'no'`;
  const party = `'party', 'p' || (i % ${parties})`;
  const named = `'title', ${title}, 'file', (i % ${titles}) || '.mov', 'status', 'confirmed'`;
  const ranges = `'shots', jsonb_build_array(jsonb_build_object('in', (i % 50) * 24, 'out', (i % 50) * 24 + 240))`;
  return [
    ['parties', 'p', parties, `'kind', 'person', 'name', 'P' || i`],
    ['titles', 't', titles, `'name', 'T' || i, 'files', jsonb_build_array(i || '.mov'), 'shares', ${share}`],
    ['grants', 'g', grants, `'grantor', 'p' || (i % ${titles} % 400), ${list}, ${uses}, ${world}`],
    ['restrictions', 'r', restrictions, `${list}, ${no}`],
    ['appearances', 'c', titles * CAST, `${party}, ${named}, ${ranges}`],
    ['consents', 'k', titles * CAST, `${party}, 'answer', 'given', ${list}, ${uses}, ${world}`],
  ];
}

export async function fill({ db }: Pick<Context, 'db'>, size: Size, shots: number): Promise<void> {
  const ledger = { id: 'ldg_bench', sha256: '', source: 'bench', recordedBy: 'bench' };
  await db.insert(tables.rightsLedgers).values(ledger);
  for (const [section, key, count, content] of contents(size)) {
    await db.execute(
      sql.raw(`INSERT INTO rights_rows (id, ledger, section, key, content, recorded_by)
        SELECT 'ldg_bench/${section}/${key}' || i, 'ldg_bench', '${section}', '${key}' || i,
          jsonb_build_object('id', '${key}' || i, ${content}), 'bench' FROM generate_series(0, ${count - 1}) i`),
    );
  }
  await fillCatalogue({ db }, size.titles, shots);
  await tidyIndexes(db);
  await db.execute(sql`analyze`);
}

async function fillCatalogue({ db }: Pick<Context, 'db'>, titles: number, shots: number): Promise<void> {
  await db.execute(
    sql.raw(`INSERT INTO catalog_titles (id, name, unmapped)
      SELECT 'ttl_' || i, 'T' || i, false FROM generate_series(0, ${titles - 1}) i`),
  );
  await db.execute(
    sql.raw(`INSERT INTO catalog_files (id, title_id, reel, path, sha256, bytes, frames, fps, facts)
      SELECT 'fil_' || i, 'ttl_' || i, 1, '/masters/' || i || '.mov', lpad(i::text, 64, '0'), 1, 100000, '24/1',
        '${JSON.stringify(facts)}'::jsonb FROM generate_series(0, ${titles - 1}) i`),
  );
  await db.execute(
    sql.raw(`INSERT INTO shots_shots (id, file_id, number, in_frame, out_frame, in_timecode, out_timecode, facts)
      SELECT 'sht_' || i, 'fil_' || (i % ${titles}), i / ${titles} + 1, (i / ${titles}) * 24, (i / ${titles}) * 24 + 24,
        '00:00:00:00', '00:00:01:00', '{"luma": 90, "colour": [90, 90, 90], "motion": 1, "sharpness": 5}'::jsonb
      FROM generate_series(0, ${shots - 1}) i`),
  );
}
