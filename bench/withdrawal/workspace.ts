import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Context } from '../../src/jobs/index.ts';
import { fill } from '../rights/explain.ts';

/** A made-up workspace in which a withdrawal has far to go: rows made by the database itself, the same on every machine. */

export const SEED = 6;
export const FULL = { shots: 50_000, titles: 1_000, snapshots: 10_000, models: 2_000, takes: 1_000_000 };
export const QUICK = { shots: 10_000, titles: 200, snapshots: 500, models: 200, takes: 20_000 };
export type Size = typeof FULL;

const CLIPS_A_SNAPSHOT = 20;
/** Takes that one run draws. Every so many runs one mixes two adapters. */
const TAKES_A_RUN = 100;
const MIXED_EVERY = 50;
/** Every so many takes one was given a film, and one is signed; of every so many signed ones a master was made. */
const GIVEN_EVERY = 100;
const SIGNED_EVERY = 5;
const MASTER_EVERY = 10;
/** Signed takes of a cut, and of a delivery. */
const TAKES_A_CUT = 20;
const CUTS = 2_000;
const DELIVERIES = 1_000;

/** Parties, grants and restrictions as the ledger of `bench/rights` has them, with 30 appearances and consents for each title. */
export const ledgerSize = ({ titles, shots }: Size) => ({
  ...{ shots, titles, parties: 5 * titles - 1, grants: 3 * titles, restrictions: titles },
});

const raw = (text: string | number) => sql.raw(String(text));
const drawn = (what: string, of: string, below: number) =>
  raw(`(abs(hashtext('${SEED}' || '${what}' || ${of})::bigint) % ${below})`);
const hashed = (text: string) => raw(`(md5(${text}) || md5(${text}))`);

export async function fillWorkspace(context: Context, size: Size): Promise<void> {
  await fill(context, ledgerSize(size), size.shots);
  await fillLearned(context.db, size);
  await fillTakes(context.db, size);
  await fillLeft(context.db, size);
  await context.db.execute(sql`analyze`);
  await writeRuns(context);
}

/** Snapshots for adapters, one in eight for whole models; adapters on whole models and on each other. */
async function fillLearned(db: Context['db'], { snapshots, models, shots }: Size): Promise<void> {
  await db.execute(sql`insert into dataset_snapshots (id, digest, path, record)
    select 'dst_' || n, ${hashed("'s' || n")}, '/nowhere', jsonb_build_object('options', jsonb_build_object('use',
      case when n % 8 = 0 then 'train.foundation' else 'train.style' end, 'territory', 'world'))
    from generate_series(0, ${raw(snapshots - 1)}) n`);
  await db.execute(sql`insert into dataset_clips (snapshot_id, clip_id, shot_id, title_id, split, caption)
    select 'dst_' || n / ${raw(CLIPS_A_SNAPSHOT)}, 'c' || n, 'sht_' || ${drawn('shot', 'n', shots)}, 't', 'train', ''
    from generate_series(0, ${raw(snapshots * CLIPS_A_SNAPSHOT - 1)}) n`);
  await db.execute(sql`insert into train_models (id, name, kind, path, sha256, base_id, snapshot_id, run_id, record)
    select 'mdl_' || n, 'm', 'adapter', '/nowhere', ${hashed("'m' || n")}, case when n % 3 = 0 and n > 0 then 'mdl_' || n / 3 end,
      'dst_' || ${drawn('snapshot', 'n', snapshots)}, 'run_t' || n, '{}'
    from generate_series(0, ${raw(models - 1)}) n`);
}

async function fillTakes(db: Context['db'], { models, takes, titles }: Size): Promise<void> {
  const run = `n / ${TAKES_A_RUN}`;
  const mixed = raw(`(${run}) % ${MIXED_EVERY} = 0`);
  const adapter = (what: string) =>
    sql`jsonb_build_object('id', 'mdl_' || ${drawn(what, `(${run})`, models)})`;
  await db.execute(sql`insert into generate_takes
    (id, brief_id, brief, model_id, run_id, candidate, seed, raw_path, raw_sha256, video_path, video_sha256)
    select 'tak_' || n, 'b', case when ${mixed} then jsonb_build_object('adapters', jsonb_build_array(${adapter('one')}, ${adapter('two')}), 'references', '[]'::jsonb)
      when n % ${raw(GIVEN_EVERY)} = 1 then jsonb_build_object('adapters', '[]'::jsonb, 'references',
        jsonb_build_array(jsonb_build_object('sha256', lpad((${drawn('film', 'n', titles)})::text, 64, '0'))))
      else '{"adapters": [], "references": []}'::jsonb end,
      case when ${mixed} then 'mdl_none' else 'mdl_' || ${drawn('model', `(${run})`, models)} end,
      'run_g' || ${raw(run)}, 0, 1, '', '', '', 'v' || n from generate_series(0, ${raw(takes - 1)}) n`);
}

/** What was signed, cut and handed over, with the rows that such acts leave in the audit log. */
async function fillLeft(db: Context['db'], { takes }: Size): Promise<void> {
  const signed = Math.floor(takes / SIGNED_EVERY);
  const audit = (what: string, subject: string, details: string, count: number) =>
    db.execute(sql`insert into provenance_audit (seq, at, who, what, subject, details, origin, previous_hash, hash)
      select (select coalesce(max(seq), 0) from provenance_audit) + n + 1, '', 'bench', ${what}, ${raw(subject)}, ${raw(details)}, '', '', ''
      from generate_series(0, ${raw(count - 1)}) n`);
  const list = (what: string, count: number, each: string) =>
    `(select jsonb_agg(${each}) from generate_series(1, ${count}) k, lateral (select 'tak_' || ${SIGNED_EVERY} *
      (abs(hashtext('${SEED}${what}' || n || ',' || k)::bigint) % ${signed}) as take) t)`;
  await db.execute(sql`insert into provenance_records (take_id, record, signed_path, signed_sha256, state)
    select 'tak_' || n * ${raw(SIGNED_EVERY)}, jsonb_build_object('takeId', 'tak_' || n * ${raw(SIGNED_EVERY)}, 'text', repeat('lineage ', 100)),
      '/signed/' || n, 'sg' || n, 'Trusted' from generate_series(0, ${raw(signed - 1)}) n`);
  await audit('provenance.sign', `'tak_' || n * ${SIGNED_EVERY}`, `'{"state": "Trusted"}'::jsonb`, signed);
  const master = `jsonb_build_object('file', '/masters/' || n, 'sha256', 'ms' || n)`;
  await audit(
    'provenance.sign-file',
    `'tak_' || n * ${SIGNED_EVERY * MASTER_EVERY}`,
    master,
    signed / MASTER_EVERY,
  );
  const few = (count: number) => Math.min(count, signed / 10);
  const cut = list('cut', TAKES_A_CUT, 'take');
  await audit('provenance.cut', `'/cuts/' || n`, `jsonb_build_object('takes', ${cut})`, few(CUTS));
  const purpose = `(array['previz', 'temp', 'final', 'ad'])[1 + n % 4]`;
  await db.execute(sql`insert into provenance_deliveries (id, path, digest, declaration)
    select 'dlv_' || n, '/deliveries/' || n, '', jsonb_build_object('takes', ${raw(list('delivery', TAKES_A_CUT, `jsonb_build_object('id', take)`))},
      'answers', jsonb_build_array(jsonb_build_object('question', 'purpose', 'answer', ${raw(purpose)})))
    from generate_series(0, ${raw(few(DELIVERIES) - 1)}) n`);
}

const hashOf = (text: string): string => createHash('md5').update(text).digest('hex').repeat(2);
const modelHash = (id: string): string => hashOf(id.replace('mdl_', 'm'));
const snapshotHash = (id: string): string => hashOf(id.replace('dst_', 's'));

/** A folder for each run with its job: trainings have checkpoints too. */
async function writeRuns({ db, paths }: Context): Promise<void> {
  const input = (sha256: string) => ({ path: '/nowhere', sha256 });
  const { rows: trainings } = await db.$client.query<{ run: string; base: string | null; snapshot: string }>(
    'select run_id as run, base_id as base, snapshot_id as snapshot from train_models',
  );
  for (const { run, base, snapshot } of trainings) {
    await mkdir(join(paths.runs, run, 'checkpoints', 'step-000200'), { recursive: true });
    const dataset = { path: '/nowhere', digest: snapshotHash(snapshot) };
    await writeFile(
      join(paths.runs, run, 'job.json'),
      JSON.stringify({ kind: 'train', dataset, base: input(modelHash(base ?? 'mdl_none')) }),
    );
  }
  const { rows: drawings } = await db.$client.query<{
    run: string;
    model: string;
    adapters: { id: string }[];
  }>(
    `select run_id as run, min(model_id) as model, (array_agg(brief -> 'adapters'))[1] as adapters from generate_takes group by run_id`,
  );
  for (const { run, model, adapters } of drawings) {
    await mkdir(join(paths.runs, run), { recursive: true });
    const job = {
      ...{ kind: 'generate', base: input(modelHash(model)) },
      adapters: adapters.map(({ id }) => input(modelHash(id))),
      briefs: Array.from({ length: 25 }, (_, n) => ({ id: `b${n}`, mode: 'text', candidates: 4, seed: n })),
    };
    await writeFile(join(paths.runs, run, 'job.json'), JSON.stringify(job));
  }
}
