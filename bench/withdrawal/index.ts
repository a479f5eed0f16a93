import { sql } from 'drizzle-orm';
import type { Report } from '../../src/contract/index.ts';
import type { Db } from '../../src/db/index.ts';
import { impactOf } from '../../src/provenance/impact.ts';
import { type Resting, restingShots } from '../../src/provenance/resting.ts';
import { ledgerSchema } from '../../src/rights/index.ts';
import { testContext } from '../../test/support/context.ts';

/** How long does it take to list what one party's withdrawal has reached, and is the list right? */

const SEED = 6;
const FULL = { snapshots: 10_000, models: 2_000, takes: 1_000_000, shots: 200_000 };
const QUICK = { snapshots: 500, models: 200, takes: 20_000, shots: 10_000 };
const CLIPS_A_SNAPSHOT = 20;
/** Shots in which the party is seen. */
const PARTY_SHOTS = 300;
/** Every so many takes one mixes two adapters, another was given a film. */
const MIXED_EVERY = 50;
const GIVEN_EVERY = 100;
/** Films, and those of them in which the party is seen. */
const FILMS = 2_000;
const PARTY_FILMS = 30;
const REPEATS = 5;
type Size = typeof FULL;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const size = quick ? QUICK : FULL;
  const { context, close } = await testContext();
  try {
    report({ phase: 'making a workspace', done: 0, total: 1, unit: 'workspaces' });
    await fill(context.db, size);
    const resting = restingIn(size);
    const seconds: number[] = [];
    const cpuSeconds: number[] = [];
    let found = new Set<string>();
    for (let n = 0; n < REPEATS; n++) {
      report({ phase: 'following the withdrawal', done: n, total: REPEATS, unit: 'times' });
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      const touched = await impactOf(context, resting);
      seconds.push((performance.now() - start) / 1000);
      cpuSeconds.push(cpuSince(cpu));
      found = new Set(touched.map(({ id }) => id));
    }
    const rows = [
      ...rowsOf(size, { seconds, cpuSeconds }, found, await bruteForce(context.db, resting)),
      ...restingRows(size),
    ];
    return { bench: 'withdrawal', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    await close();
  }
}

const restingIn = ({ shots }: Size): Resting => ({
  shots: new Map(
    Array.from({ length: PARTY_SHOTS }, (_, n) => [`sht_${(n * 7919 + SEED) % shots}`, 'parties/nn']),
  ),
  films: new Map(Array.from({ length: PARTY_FILMS }, (_, n) => [`film-${n}`, 'parties/nn'])),
  people: new Map(),
  uses: null,
});

/** Finding the shots in which the party is seen, in a ledger with three appearances a shot, from rows that are loaded. */
function restingRows({ shots }: Size) {
  const names = Array.from({ length: FILMS }, (_, n) => `film-${n}.mp4`);
  const each = shots / FILMS;
  const appearances = Array.from({ length: 3 * shots }, (_, n) => {
    const film = n % FILMS;
    const party = film < PARTY_FILMS && n % 97 === SEED ? 'nn' : `p${n % 5000}`;
    const at = { in: 48 * (Math.floor(n / FILMS) % each), out: 48 * ((Math.floor(n / FILMS) % each) + 1) };
    return { id: `a${n}`, party, title: `t${film}`, file: names[film], shots: [at], status: 'confirmed' };
  });
  const titles = names.map((file, n) => ({ id: `t${n}`, name: file, files: [file], shares: [] }));
  const ledger = ledgerSchema.parse({ version: 1, titles, appearances });
  const files = names.map((path, n) => ({ id: `fil_${n}`, path, sha256: String(n) }));
  const spans = Array.from({ length: shots }, (_, n) => ({
    ...{ id: `sht_${n}`, fileId: `fil_${n % FILMS}`, inTimecode: '00:00:00:00', outTimecode: '00:00:02:00' },
    ...{ inFrame: 48 * Math.floor(n / FILMS), outFrame: 48 * (Math.floor(n / FILMS) + 1) },
  }));
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const found = restingShots(ledger, { party: 'nn' }, files, spans).shots.size;
  return [
    { what: 'shots of the party found in the ledger', value: found, unit: 'shots', n: shots },
    { what: 'the same, time', value: (performance.now() - start) / 1000, unit: 's', n: 3 * shots },
    { what: 'the same, processor', value: cpuSince(cpu), unit: 'CPU s' },
  ];
}

/** Rows made by the database itself, from hashes of their numbers: the same on every machine. */
async function fill(db: Db, { snapshots, models, takes, shots }: Size): Promise<void> {
  const drawn = (what: string, below: number) =>
    sql.raw(`(abs(hashtext('${SEED}' || '${what}' || n)::bigint) % ${below})`);
  await db.execute(sql`insert into dataset_snapshots (id, digest, path, record)
    select 'dst_' || n, 'digest-' || n, '/nowhere', '{}' from generate_series(0, ${sql.raw(String(snapshots - 1))}) n`);
  await db.execute(sql`insert into dataset_clips (snapshot_id, clip_id, shot_id, title_id, split, caption)
    select 'dst_' || n / ${sql.raw(String(CLIPS_A_SNAPSHOT))}, 'c' || n, 'sht_' || ${drawn('shot', shots)}, 't', 'train', ''
    from generate_series(0, ${sql.raw(String(snapshots * CLIPS_A_SNAPSHOT - 1))}) n`);
  await db.execute(sql`insert into train_models (id, name, kind, path, sha256, base_id, snapshot_id, record)
    select 'mdl_' || n, 'm', 'adapter', '/nowhere', 'sha-' || n,
      case when n % 3 = 0 and n > 0 then 'mdl_' || n / 3 end, 'dst_' || ${drawn('snapshot', snapshots)}, '{}'
    from generate_series(0, ${sql.raw(String(models - 1))}) n`);
  await db.execute(sql`insert into generate_takes
    (id, brief_id, brief, model_id, run_id, candidate, seed, raw_path, raw_sha256, video_path, video_sha256)
    select 'tak_' || n, 'b', case when n % ${sql.raw(String(MIXED_EVERY))} = 0 then jsonb_build_object('adapters', jsonb_build_array(
        jsonb_build_object('id', 'mdl_' || ${drawn('one', models)}), jsonb_build_object('id', 'mdl_' || ${drawn('two', models)})))
      when n % ${sql.raw(String(GIVEN_EVERY))} = 1 then jsonb_build_object('adapters', '[]'::jsonb, 'references',
        jsonb_build_array(jsonb_build_object('sha256', 'film-' || ${drawn('film', FILMS)})))
      else '{"adapters": [], "references": []}'::jsonb end,
      case when n % ${sql.raw(String(MIXED_EVERY))} = 0 then 'mdl_none' else 'mdl_' || ${drawn('model', models)} end,
      'r', 0, 1, '', '', '', '' from generate_series(0, ${sql.raw(String(takes - 1))}) n`);
  await db.execute(sql`analyze`);
}

/** Every row read and walked one by one, by the meaning of a withdrawal and none of the code under test. */
async function bruteForce(db: Db, { shots, films }: Resting): Promise<Set<string>> {
  const read = async <T>(query: string) => (await db.$client.query<T>(query)).rows;
  const clips = await read<{ s: string; h: string }>('select snapshot_id s, shot_id h from dataset_clips');
  const found = new Set(clips.filter(({ h }) => shots.has(h)).map(({ s }) => s));
  const models = await read<Model>('select id, base_id b, snapshot_id s from train_models');
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { id } of models.filter((model) => isReached(model, found))) found.add(id);
  }
  const takes = await read<Made>(
    "select id, model_id m, brief -> 'adapters' a, coalesce(brief -> 'references', '[]') r from generate_takes",
  );
  const isGiven = ({ r }: Made) => r.some(({ sha256 }) => films.has(sha256));
  for (const { id } of takes.filter((take) => isMadeWith(take, found) || isGiven(take))) found.add(id);
  return found;
}

interface Model {
  id: string;
  b: string | null;
  s: string;
}

interface Made {
  id: string;
  m: string;
  a: { id: string }[];
  r: { sha256: string }[];
}

const isReached = ({ b, s }: Model, found: Set<string>) => found.has(s) || (b !== null && found.has(b));
const isMadeWith = ({ m, a }: Made, found: Set<string>) => found.has(m) || a.some(({ id }) => found.has(id));

/** The database is in this process: what it works counts. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function spread(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { value, low: sorted[0] ?? value, high: sorted.at(-1) ?? value, n: sorted.length };
}

interface Times {
  seconds: number[];
  cpuSeconds: number[];
}

function rowsOf(size: Size, { seconds, cpuSeconds }: Times, found: Set<string>, truth: Set<string>) {
  const right = [...found].filter((id) => truth.has(id)).length;
  return [
    { what: 'snapshots', value: size.snapshots, unit: 'rows' },
    { what: 'models', value: size.models, unit: 'rows' },
    { what: 'takes', value: size.takes, unit: 'rows' },
    { what: 'impact of one party (median, least and most)', unit: 's', ...spread(seconds) },
    { what: 'the same, CPU', unit: 'CPU s', ...spread(cpuSeconds) },
    { what: 'things reached', value: found.size, unit: 'items', n: truth.size },
    { what: 'recall against brute force', value: right / truth.size, unit: 'share', n: truth.size },
    { what: 'precision against brute force', value: right / found.size, unit: 'share', n: found.size },
  ];
}
