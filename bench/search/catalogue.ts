import { writeFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { countTotals, sortWords } from '../../src/dataset/index-fill.ts';
import { type Index, rowsOf } from '../../src/dataset/index-store.ts';
import type { Db } from '../../src/db/index.ts';
import { facts } from '../../src/rights/catalogued.test-support.ts';
import { rngOf } from '../../src/sample/random.ts';
import { lookBytes } from '../../src/shots/index.ts';

/** A made-up catalogue. Names and places are drawn by Zipf's law (exponent 1): a few have most of the shots. */
export interface Size {
  shots: number;
  titles: number;
}

/** Named parts, sets, actions and words of a title's captions; times and camera moves are the catalogue's. */
const CAST = 30;
const SETS = 25;
const ACTIONS = 200;
const VOCABULARY = 50_000;
const CAPTION_WORDS = 12;
const TIMES = ['day', 'night', 'dawn', 'dusk'];
const MOVES = ['still', 'pans left', 'pans right', 'tilts up', 'zooms in', 'handheld'];

/** One film a title, so that what the index is checked against is there: films and when their shots were found. */
export async function writeFilms(db: Db, { titles }: Size): Promise<void> {
  const numbers = sql.raw(`generate_series(0, ${titles - 1}) n`);
  await db.execute(
    sql`insert into catalog_titles (id, name, unmapped) select 'ttl_' || n, 'Title ' || n, false from ${numbers}`,
  );
  await db.execute(sql`insert into catalog_files (id, title_id, reel, path, sha256, bytes, frames, fps, facts)
    select 'fil_' || n, 'ttl_' || n, 1, '/masters/' || n || '.mp4', md5(n::text) || md5(n::text), 1, 48000, '24/1',
      ${JSON.stringify(facts)}::jsonb from ${numbers}`);
  await db.execute(
    sql`insert into shots_passes (file_id, detector, facts) select 'fil_' || n, 'bench', '{}' from ${numbers}`,
  );
}

const field = (name: string, key: string, n: number): string =>
  `INSERT INTO terms SELECT (SELECT count(*) FROM terms) + i, '${name}', ${key}, ${key}, string_split(${key}, ' ')
    FROM range(${n}) r(i)`;

/** Fills the index's own tables, from hashes of the shots' numbers: the same seed gives the same rows. */
export async function writeIndex(index: Index, { shots, titles }: Size, seed: number): Promise<void> {
  await index.run(
    `CREATE MACRO unit(i, salt) AS ((hash(i::BIGINT, salt, ${seed}) % 1000003)::DOUBLE / 1000003)`,
  );
  await index.run(
    'CREATE MACRO zipf(n, i, salt) AS least(n - 1, floor(power(n, unit(i, salt)))::INTEGER - 1)',
  );
  const firsts: Record<string, number> = {};
  for (const [name, key, n] of valuesOf(titles)) {
    const [row] = await rowsOf(index, 'SELECT count(*) AS n FROM terms');
    firsts[name] = Number(row?.n);
    await index.run(field(name, key, n));
  }
  await index.run(`INSERT INTO files SELECT i, 'fil_' || i, '', i FROM range(${titles}) r(i)`);
  await index.run(`INSERT INTO shots BY NAME ${shotsQuery(shots, titles, firsts)}`);
  await writeWords(index, shots);
  await sortWords(index);
  await countTotals(index);
  await index.run('CHECKPOINT');
}

const listed = (names: readonly string[]) => `['${names.join("', '")}'][i + 1]`;

const valuesOf = (titles: number): [string, string, number][] => [
  ['title', "'film ' || i", titles],
  ['character', "'name' || i", titles * 3],
  ['set', "'place' || i", titles * 2],
  ['action', "'action' || i", ACTIONS],
  ['camera', listed(MOVES), MOVES.length],
  ['time', listed(TIMES), TIMES.length],
  ['light', listed(['dark', 'medium-lit', 'bright']), 3],
  ['source', listed(['shot_list', 'subtitles', 'facts']), 3],
];

/** Of every tenth shot nobody said anything; the others have up to three characters of their title's cast. */
function shotsQuery(shots: number, titles: number, first: Record<string, number>): string {
  const told = (what: string) => `CASE WHEN i % 10 = 9 THEN NULL ELSE ${what} END`;
  const title = `(i * ${titles} // ${shots})`;
  return `SELECT i::INTEGER AS no, ${title}::INTEGER AS file, 'sht_' || i AS id, 0 AS "in", 48 AS "out",
    '01:00:00:00' AS timecode, 1 + 9 * unit(i, 1) AS seconds,
    CASE WHEN i % 10 = 9 THEN [] ELSE list_distinct([${first.character} + (${title} * 3 + zipf(${CAST}, i + j, 2)) % ${titles * 3} FOR j IN range(i % 3 + 1)]) END AS "character",
    ${first.title} + ${title} AS title, ${told(`${first.set} + (${title} * 2 + zipf(${SETS}, i, 3)) % ${titles * 2}`)} AS "set",
    ${told(`${first.action} + zipf(${ACTIONS}, i, 4)`)} AS action, ${told(`${first.camera} + zipf(${MOVES.length}, i, 5)`)} AS camera,
    ${told(`${first.time} + zipf(${TIMES.length}, i, 6)`)} AS "time", ${first.light} + floor(3 * unit(i, 7))::INTEGER AS light,
    ${first.source} + CASE WHEN i % 10 = 9 THEN 2 ELSE 0 END AS source, '' AS scene, 'caption ' || i AS caption, '' AS spoken, '' AS read, [] AS credited
    FROM range(${shots}) r(i)`;
}

/** Looks of all shots, those of a title round one place: what most rows are too far from is seen after a few values. */
export async function writeLooks(
  index: Index,
  path: string,
  { shots, titles }: Size,
  seed: number,
): Promise<void> {
  const rng = rngOf('looks', seed);
  const looks = new Int8Array(shots * lookBytes);
  let [place, title] = [new Int8Array(lookBytes), -1];
  for (let shot = 0; shot < shots; shot++) {
    const own = Math.floor((shot * titles) / shots);
    if (own !== title) [place, title] = [place.map(() => rng.int(-50, 50)), own];
    for (let i = 0; i < lookBytes; i++) looks[shot * lookBytes + i] = (place[i] ?? 0) + rng.int(-20, 20);
  }
  await writeFile(path, looks);
  await index.run('UPDATE shots SET look = no');
  await index.run('CHECKPOINT');
}

/** Words of captions, and of the fields, as the product writes them. */
async function writeWords(index: Index, shots: number): Promise<void> {
  await index.run('CREATE TEMP TABLE said (word VARCHAR, shot INTEGER)');
  for (const query of wordQueries(shots)) await index.run(`INSERT INTO said ${query}`);
  await index.run(
    'INSERT INTO vocabulary SELECT row_number() OVER () - 1, word FROM (SELECT DISTINCT word FROM said)',
  );
  await index.run(
    'INSERT INTO words SELECT DISTINCT v.no, said.shot FROM said JOIN vocabulary v ON v.word = said.word',
  );
  await index.run('DROP TABLE said');
}

const wordQueries = (shots: number): string[] => [
  `SELECT 'w' || zipf(${VOCABULARY}, i * ${CAPTION_WORDS} + j, 8), i FROM range(${shots}) r(i), range(${CAPTION_WORDS}) t(j)`,
  ...['', 'character='].map(
    (mark) =>
      `SELECT '${mark}' || t.key, s.no FROM (SELECT no, unnest("character") AS c FROM shots) s JOIN terms t ON t.no = s.c`,
  ),
  ...['title', 'set', 'action', 'camera', 'time'].map(
    (name) => `SELECT unnest(t.words), s.no FROM shots s JOIN terms t ON t.no = s."${name}"`,
  ),
];
