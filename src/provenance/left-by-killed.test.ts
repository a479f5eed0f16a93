import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { removalsSchema } from '../contract/index.ts';
import { type Context, commandsAtWork } from '../jobs/index.ts';
import { readSigned } from '../trust/index.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';

/** What freezes, exports and reports leave that are killed before anything of theirs is recorded. */

const digest = hashOf('clips');
const left = [
  ...['datasets/cache/a/clips.u8', 'datasets/cache/b.part/clips.u8', 'datasets/encoded/a.mp4'],
  ...[`datasets/${digest}/manifest.jsonl`, `datasets/${digest}-0123456789ab.part/shard-00000.u8`],
  ...['reports/.draft-a1B2c3/refused/1.jpg', 'reports/.draft-a1B2c3/takes/tak_harbour.mp4'],
];
const stays = ['datasets/harbour/manifest.jsonl', 'datasets/latents/base/a.latents', 'datasets/mine/a.txt'];

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  for (const name of [...left, ...stays]) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), name);
  }
});
afterAll(() => close());

const at = (name: string) => join(context.paths.root, name);
const there = (names: readonly string[]) => names.filter((name) => existsSync(at(name)));
const revoking = (grant: string, dryRun = false) => withdraw(context, { territory: 'world', dryRun, grant });

it('stays where only tried, and where nobody made clips by what is withdrawn', async () => {
  await revoking('g-whole', true);
  await revoking('g-final');
  expect(there(left)).toEqual(left);
});

/** Has a command begin in the moment in which it is noted what is about to go. */
const commandBegins = () =>
  context.db.$client.exec(`
    create schema pgboss;
    create table pgboss.job (id serial, data jsonb, output jsonb, state text, created_on timestamptz);
    create function begins() returns trigger language plpgsql as $$ begin
      insert into pgboss.job (data, output, state, created_on) values ('{"operation": "shots.detect"}', null, 'active', now()); return new; end $$;
    create trigger begins after insert on provenance_audit for each row when (new.what = 'provenance.purge') execute function begins();`);

it('goes with a signed record, though no dataset is reached; what is recorded, and what is not by us, stays; whatever begins meanwhile', async () => {
  await commandBegins();
  const { touched, record } = await revoking('g-whole');
  expect(await commandsAtWork(context.db)).toEqual(['shots.detect']);
  expect(touched.some(({ kind }) => kind === 'snapshot')).toBe(false);
  expect([there(left), there(stays)]).toEqual([[], stays]);
  const text = await readFile(record ?? '', 'utf8');
  const said = await readSigned(text, 'application/vnd.backlot.deletion+json', record ?? '');
  const { removed } = removalsSchema.parse(said);
  expect(removed.map(({ name }) => name)).toEqual(expect.arrayContaining(left));
});
