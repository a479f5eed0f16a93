import { join } from 'node:path';
import type { ClipLine } from '../contract/index.ts';
import { canonicalJson } from './canonical.ts';
import type { ClipOrigin } from './schema.ts';

/** The manifest again, with where each clip comes from, for programs that ask tables. The digest is that of the lines. */
export const tableName = 'manifest.parquet';

/** Columns of `manifest.jsonl` and of `clips.jsonl`, which says where each clip comes from. */
const lineColumns = {
  ...{
    id: 'VARCHAR',
    shard: 'VARCHAR',
    offset: 'BIGINT',
    bytes: 'BIGINT',
    frames: 'INTEGER',
    height: 'INTEGER',
  },
  ...{ width: 'INTEGER', fps: 'VARCHAR', caption: 'VARCHAR', captionSource: 'VARCHAR', title: 'VARCHAR' },
  ...{ shot: 'VARCHAR', scene: 'VARCHAR', split: 'VARCHAR' },
};
const originColumns = {
  ...{ id: 'VARCHAR', file: 'VARCHAR', frames: 'INTEGER[]', deinterlaced: 'BOOLEAN' },
  crop: 'STRUCT(x INTEGER, y INTEGER, width INTEGER, height INTEGER)',
  decision: 'STRUCT(outcome VARCHAR, grants VARCHAR[])',
};

/** Writes a folder's table from its lines, sorted by id; one thread, so that the same version writes the same bytes. */
export async function writeTable(folder: string): Promise<void> {
  const lines = jsonLines(join(folder, 'manifest.jsonl'), lineColumns);
  const origins = jsonLines(join(folder, 'clips.jsonl'), originColumns);
  const rows = `SELECT lines.*, origins.file, origins.frames AS masterFrames, origins.crop, origins.deinterlaced,
    origins.decision.grants AS grants FROM ${lines} lines JOIN ${origins} origins USING (id) ORDER BY id`;
  await query(`COPY (${rows}) TO ${quoted(join(folder, tableName))} (FORMAT parquet, COMPRESSION zstd)`);
}

type Row = Record<string, unknown>;

/**
 * Where a folder's table first says what the lines do not, by row (from 1) and field; null where it says the same.
 * @param lines by clip id, as the table is
 */
export async function tableDifference(
  folder: string,
  lines: readonly ClipLine[],
  origins: readonly ClipOrigin[],
): Promise<string | null> {
  const found = await query(`SELECT * FROM read_parquet(${quoted(join(folder, tableName))})`);
  const originOf = new Map(origins.map((origin) => [origin.id, origin]));
  return firstDifference(
    found,
    lines.map((line) => rowOf(line, originOf.get(line.id))),
  );
}

const rowOf = (line: ClipLine, origin: ClipOrigin | undefined): Row => ({
  ...line,
  ...{ file: origin?.file, masterFrames: origin?.frames, crop: origin?.crop },
  ...{ deinterlaced: origin?.deinterlaced, grants: origin?.decision.grants },
});

function firstDifference(found: readonly Row[], expected: readonly Row[]): string | null {
  for (let at = 0; at < Math.max(found.length, expected.length); at++) {
    const [row, wanted] = [found[at], expected[at]];
    const where = `row ${at + 1}`;
    if (!row || !wanted) return `${where}: expected ${clipIn(wanted)}, found ${clipIn(row)}`;
    const field = Object.keys({ ...wanted, ...row }).find(
      (name) => inWords(row[name]) !== inWords(wanted[name]),
    );
    if (field) return `${where}, ${field}: expected ${inWords(wanted[field])}, found ${inWords(row[field])}`;
  }
  return null;
}

const clipIn = (row: Row | undefined): string => (row ? `clip ${row.id}` : 'none');
const inWords = (value: unknown): string => (value === undefined ? 'nothing' : canonicalJson(value));

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function jsonLines(path: string, columns: Record<string, string>): string {
  const typed = Object.entries(columns).map(([name, type]) => `"${name}": '${type}'`);
  return `read_json(${quoted(path)}, format = 'newline_delimited', columns = {${typed.join(', ')}})`;
}

/** Runs one statement in a database of its own, which knows no other extension and no network. */
async function query(sql: string): Promise<Row[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const answer = await connection.runAndReadAll(sql);
    return answer.getRowObjectsJS().map(withNumbers);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** 64-bit numbers, which are sizes here, come as `bigint`. */
const withNumbers = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
