import type { Context } from '../jobs/index.ts';
import { termOf, unsaid } from './index-fill.ts';
import { type Index, rowsOf } from './index-store.ts';
import { everyShot, lookUp, setAside, whereOf } from './look-up.ts';
import type { CoverageInput, CoverageOutput, ShotField } from './schema.ts';
import { minutesOf } from './search.ts';

/**
 * How much there is of each pair of values. Rows and columns are the values of the titles asked about, also where
 * nothing matches: the empty cells are what the catalogue lacks.
 */
export function coverage(context: Context, input: CoverageInput): Promise<CoverageOutput> {
  const { rows: row, columns: column, maxRows, maxColumns } = input;
  return lookUp(context, input, [row, column], async (index, where) => {
    const titles = await whereOf(context, index, { title: input.title });
    const fields = [...new Set([row, column])].map((field) => `"${field}"`);
    const hits = await setAside(index, 'hits', where, ['seconds', ...fields]);
    const scope = await setAside(index, 'scope', titles, ['seconds', ...fields]);
    const [all] = await rowsOf(index, `SELECT count(*) AS found, sum(seconds) AS seconds FROM ${hits}`);
    const rows = await axisOf(index, row, hits, scope, maxRows);
    const columns = await axisOf(index, column, hits, scope, maxColumns);
    const cells = await cellsOf(index, hits, { field: row, ...rows }, { field: column, ...columns });
    const named = (axis: Axis) => axis.terms.map((term) => term !== unsaid);
    const [r, c] = [named(rows), named(columns)];
    return {
      ...{ found: Number(all?.found), minutes: minutesOf(all?.seconds) },
      rows: { field: row, values: rows.values, left: rows.left },
      columns: { field: column, values: columns.values, left: columns.left },
      cells,
      empty: cells.flatMap((own, i) => own.filter(({ shots }, j) => shots === 0 && r[i] && c[j])).length,
    };
  });
}

interface Axis {
  terms: number[];
  values: (string | null)[];
  left: number;
}

const counted = (field: ShotField, table: string): string =>
  table === everyShot
    ? `SELECT value, shots FROM totals WHERE field = '${field}'`
    : `SELECT value, count(*) AS shots FROM (SELECT ${termOf(field)} AS value FROM ${table} s) GROUP BY value`;

async function axisOf(
  index: Index,
  field: ShotField,
  hits: string,
  scope: string,
  most: number,
): Promise<Axis> {
  const found = await rowsOf(
    index,
    `WITH matching AS (${counted(field, hits)}), known AS (${counted(field, scope)})
    SELECT known.value, terms.shown, count(*) OVER () AS of FROM known
      LEFT JOIN matching ON matching.value = known.value LEFT JOIN terms ON terms.no = known.value
    ORDER BY coalesce(matching.shots, 0) DESC, known.shots DESC, terms.shown LIMIT ${most}`,
  );
  return {
    terms: found.map(({ value }) => Number(value)),
    values: found.map(({ shown }) => (shown === null ? null : String(shown))),
    left: Number(found[0]?.of ?? 0) - found.length,
  };
}

type Side = Axis & { field: ShotField };

async function cellsOf(
  index: Index,
  hits: string,
  rows: Side,
  columns: Side,
): Promise<CoverageOutput['cells']> {
  const known = new Map<string, { shots: number; minutes: number }>();
  if (rows.terms.length > 0 && columns.terms.length > 0) {
    for (const { r, c, shots, seconds } of await rowsOf(index, cellsQuery(hits, rows, columns))) {
      known.set(`${r} ${c}`, { shots: Number(shots), minutes: minutesOf(seconds) });
    }
  }
  return rows.terms.map((r) => columns.terms.map((c) => known.get(`${r} ${c}`) ?? { shots: 0, minutes: 0 }));
}

function cellsQuery(hits: string, rows: Side, columns: Side): string {
  // Two lists unnested side by side would be zipped: one inside the other pairs them.
  const inner = `SELECT s.*, ${termOf(rows.field)} AS r FROM ${hits} s`;
  return `SELECT r, c, count(*) AS shots, sum(seconds) AS seconds FROM
      (SELECT s.r, s.seconds, ${termOf(columns.field)} AS c FROM (${inner}) s)
    WHERE r IN (${rows.terms.join(', ')}) AND c IN (${columns.terms.join(', ')}) GROUP BY r, c`;
}
