import { join } from 'node:path';
import { clipLineSchema } from '../contract/index.ts';
import { manifestOf } from './canonical.ts';

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

/** The manifest's text as the rows of a folder's table give it. */
export async function manifestInTable(folder: string): Promise<string> {
  const columns = Object.keys(lineColumns).map((name) => `"${name}"`);
  const rows = await query(
    `SELECT ${columns.join(', ')} FROM read_parquet(${quoted(join(folder, tableName))})`,
  );
  return manifestOf(rows.map((row) => clipLineSchema.parse(row)));
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function jsonLines(path: string, columns: Record<string, string>): string {
  const typed = Object.entries(columns).map(([name, type]) => `"${name}": '${type}'`);
  return `read_json(${quoted(path)}, format = 'newline_delimited', columns = {${typed.join(', ')}})`;
}

/** Runs one statement in a database of its own, which knows no other extension and no network. */
async function query(sql: string): Promise<unknown[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const answer = await connection.runAndReadAll(sql);
    return answer.getRowObjectsJson().map(withNumbers);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** 64-bit numbers come as text. */
const withNumbers = ({ offset, bytes, ...row }: Record<string, unknown>): unknown =>
  offset === undefined ? row : { ...row, offset: Number(offset), bytes: Number(bytes) };
