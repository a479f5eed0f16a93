import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../src/jobs/index.ts';

/** What a party's withdrawal has reached, by its meaning and none of the code under test: every row is read and walked one by one. */
export async function bruteForce({ db, paths }: Context, party: string): Promise<Set<string>> {
  const read = async <T>(query: string) => (await db.$client.query<T>(query)).rows;
  const seen = await read<Seen>(
    "select content ->> 'file' f, content -> 'shots' s from rights_rows where section = 'appearances' and content ->> 'party' = " +
      `'${party}'`,
  );
  const files = await read<{ id: string; path: string; sha256: string }>(
    'select id, path, sha256 from catalog_files',
  );
  const places = await read<Place>('select id, file_id f, in_frame a, out_frame b from shots_shots');
  const byFile = new Map(files.map(({ id, path }) => [id, seen.filter(({ f }) => path.endsWith(`/${f}`))]));
  const shots = new Set(
    places.filter((place) => isSeen(byFile.get(place.f) ?? [], place)).map(({ id }) => id),
  );
  const inFilms = new Set(places.filter(({ id }) => shots.has(id)).map(({ f }) => f));
  const films = new Set(files.filter(({ id }) => inFilms.has(id)).map(({ sha256 }) => sha256));
  const clips = await read<{ s: string; h: string }>('select snapshot_id s, shot_id h from dataset_clips');
  const found = new Set(clips.filter(({ h }) => shots.has(h)).map(({ s }) => s));
  const models = await read<Model>('select id, base_id b, snapshot_id s, sha256 h from train_models');
  grow(found, () => models.filter((model) => isReached(model, found)).map(({ id }) => id));
  const takes = await read<Made>(
    "select id, run_id u, model_id m, brief -> 'adapters' a, coalesce(brief -> 'references', '[]') r from generate_takes",
  );
  const shown = takes.filter(({ r }) => r.some(({ sha256 }) => films.has(sha256)));
  const made = new Set(takes.filter((take) => isMadeWith(take, found, films)).map(({ id }) => id));
  const snapshots = await read<{ id: string; h: string }>('select id, digest h from dataset_snapshots');
  const hashes = new Set([...snapshots, ...models].filter(({ id }) => found.has(id)).map(({ h }) => h));
  for (const id of await runsNaming(paths.runs, hashes)) found.add(id);
  for (const { u } of shown) found.add(u);
  for (const id of await leftOf(read, made)) found.add(id);
  return new Set([...found, ...made]);
}

interface Seen {
  f: string;
  s: { in: number; out: number }[];
}
type Place = { id: string; f: string; a: number; b: number };
type Model = { id: string; b: string | null; s: string; h: string };

interface Made {
  id: string;
  u: string;
  m: string;
  a: { id: string }[];
  r: { sha256: string }[];
}

const isSeen = (rows: readonly Seen[], { a, b }: Place) =>
  rows.some(({ s }) => s.some((range) => range.in < b && range.out > a));
const isReached = ({ b, s }: Model, found: Set<string>) => found.has(s) || (b !== null && found.has(b));
const isMadeWith = ({ m, a, r }: Made, found: Set<string>, films: Set<string>) =>
  found.has(m) || a.some(({ id }) => found.has(id)) || r.some(({ sha256 }) => films.has(sha256));

function grow(found: Set<string>, more: () => string[]): void {
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const id of more()) found.add(id);
  }
}

/** Runs whose job holds one of the hashes anywhere, and their checkpoints. */
async function runsNaming(folder: string, hashes: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const id of await readdir(folder)) {
    const words = (await readFile(join(folder, id, 'job.json'), 'utf8')).split('"');
    if (!words.some((word) => hashes.has(word))) continue;
    const checkpoints = await readdir(join(folder, id, 'checkpoints')).catch(() => []);
    found.push(id, ...checkpoints.map((name) => `${id}/${name}`));
  }
  return found;
}

/** Signed files, masters, cuts and deliveries of the takes. */
async function leftOf(
  read: <T>(query: string) => Promise<T[]>,
  takes: ReadonlySet<string>,
): Promise<string[]> {
  const signed = await read<{ t: string; p: string }>(
    'select take_id t, signed_path p from provenance_records',
  );
  const acts = await read<{ w: string; s: string; d: { file?: string; takes?: string[] } }>(
    "select what w, subject s, details d from provenance_audit where what <> 'provenance.sign'",
  );
  const handed = await read<{ id: string; d: { takes: { id: string }[] } }>(
    'select id, declaration d from provenance_deliveries',
  );
  return [
    ...signed.filter(({ t }) => takes.has(t)).map(({ p }) => p),
    ...acts.filter(({ w, s }) => w === 'provenance.sign-file' && takes.has(s)).map(({ d }) => d.file ?? ''),
    ...acts.filter(({ d }) => d.takes?.some((take) => takes.has(take))).map(({ s }) => s),
    ...handed.filter(({ d }) => d.takes.some(({ id }) => takes.has(id))).map(({ id }) => id),
  ];
}
