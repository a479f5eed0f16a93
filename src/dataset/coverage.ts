import type { Context } from '../jobs/index.ts';
import { type Index, rowsOf } from './index-store.ts';
import { lookUp, type Where, whereOf } from './look-up.ts';
import type { CoverageInput, CoverageOutput, ShotField } from './schema.ts';
import { countOf, minutesOf } from './search.ts';

/**
 * How much there is of each pair of values. Rows and columns are the values of the titles asked about, also where
 * nothing matches: the empty cells are what the catalogue lacks.
 */
export function coverage(context: Context, input: CoverageInput): Promise<CoverageOutput> {
  const { rows: row, columns: column, maxRows, maxColumns } = input;
  return lookUp(context, input, [row, column], async (index, where) => {
    const scope = await whereOf(context, { use: input.use, title: input.title });
    const [all] = await rowsOf(index, countOf(where), where.values);
    const rows = await axisOf(index, row, where, scope, maxRows);
    const columns = await axisOf(index, column, where, scope, maxColumns);
    const cells = await cellsOf(index, where, { field: row, ...rows }, { field: column, ...columns });
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

/** Stands for a value that nobody named. */
const unsaid = -1;

/** A field's value of a shot; a list of them gives a row for each. */
const termOf = (field: ShotField): string =>
  field === 'character'
    ? `unnest(CASE WHEN len(s."character") = 0 THEN [${unsaid}] ELSE s."character" END)`
    : `coalesce(s."${field}", ${unsaid})`;

const counted = (field: ShotField, { sql }: Where): string =>
  `SELECT value, count(*) AS shots FROM (SELECT ${termOf(field)} AS value FROM shots s WHERE ${sql}) GROUP BY value`;

async function axisOf(
  index: Index,
  field: ShotField,
  where: Where,
  scope: Where,
  most: number,
): Promise<Axis> {
  const found = await rowsOf(
    index,
    `WITH hits AS (${counted(field, where)}), known AS (${counted(field, scope)})
    SELECT known.value, terms.shown, count(*) OVER () AS of FROM known
      LEFT JOIN hits ON hits.value = known.value LEFT JOIN terms ON terms.no = known.value
    ORDER BY coalesce(hits.shots, 0) DESC, known.shots DESC, terms.shown LIMIT ${most}`,
    [...where.values, ...scope.values],
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
  where: Where,
  rows: Side,
  columns: Side,
): Promise<CoverageOutput['cells']> {
  const known = new Map<string, { shots: number; minutes: number }>();
  if (rows.terms.length > 0 && columns.terms.length > 0) {
    const found = await rowsOf(index, cellsQuery(where, rows, columns), where.values);
    for (const { r, c, shots, seconds } of found) {
      known.set(`${r} ${c}`, { shots: Number(shots), minutes: minutesOf(seconds) });
    }
  }
  return rows.terms.map((r) => columns.terms.map((c) => known.get(`${r} ${c}`) ?? { shots: 0, minutes: 0 }));
}

function cellsQuery({ sql }: Where, rows: Side, columns: Side): string {
  // Two lists unnested side by side would be zipped: one inside the other pairs them.
  const inner = `SELECT s.*, ${termOf(rows.field)} AS r FROM shots s WHERE ${sql}`;
  return `SELECT r, c, count(*) AS shots, sum(seconds) AS seconds FROM
      (SELECT s.r, s.seconds, ${termOf(columns.field)} AS c FROM (${inner}) s)
    WHERE r IN (${rows.terms.join(', ')}) AND c IN (${columns.terms.join(', ')}) GROUP BY r, c`;
}
