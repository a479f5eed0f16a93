import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideSome } from './around.ts';
import { decideHoldings, type Holdings, holdingsOf } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { append } from './import.ts';
import { ledgers } from './random.test-support.ts';
import { kinds, sectionOf } from './resting-store.ts';
import { planRevoke } from './revoke.ts';
import { ledgerSchema, revokeInputSchema, useSchema } from './schema.ts';

/** Whatever a large library is spared must not show: the same answers as by all rows and all shots. */

const at = '2026-05-01T12:00:00.000Z';
const LEDGERS = 3;
let context: Context;
let close: () => Promise<void>;
let holdings: Holdings;

beforeAll(async () => {
  ({ context, close } = await testContext());
  for (const name of ['t1', 't2']) await catalogue(context, name, `${name}.mp4`);
  const place = (shot: string) => ({ shot, in: 0, out: 24 });
  const facts = { a: place('sht_t1-0'), b: place('sht_t2-1'), kinds: [], similarity: 0.99, speed: 1 };
  await context.db.insert(tables.shotsCopies).values({ a: facts.a.shot, b: facts.b.shot, facts });
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const random = fc.sample(ledgers, { numRuns: LEDGERS, seed: 8 });

async function recorded(n: number): Promise<void> {
  // As a file holds it: objects of the generator have no prototype.
  const document = ledgerSchema.parse(JSON.parse(JSON.stringify(random[n])));
  const act = { what: 'rights.import', subject: '' };
  await append(context, null, { sha256: `${n}`, source: '', document }, act);
  holdings = await holdingsOf(context);
}

it.each(random.map((_, n) => n))(
  'some shots are decided as all are, and a withdrawal lists all that change (random ledger %i)',
  async (n) => {
    await recorded(n);
    const asked = { use: 'train.style', territory: 'world', asOf: at } as const;
    for (const some of [['sht_t1-0', 'sht_t1-1'], ['sht_t2-1']])
      expect(await decideSome(context, some, asked)).toEqual(
        decideHoldings(holdings, asked).filter(({ shotId }) => some.includes(shotId)),
      );
    for (const kind of kinds)
      for (const { id } of holdings.ledger?.document[sectionOf[kind]] ?? []) await agree(kind, id);
  },
);

async function agree(kind: (typeof kinds)[number], id: string): Promise<void> {
  const input = revokeInputSchema.parse({ [kind]: id });
  const planned = await planRevoke(context, input, at).catch((error) => error.code);
  if (planned === 'row-not-withdrawable') return;
  const { changes } = planned.revoked as Awaited<ReturnType<typeof planRevoke>>['revoked'];
  const listed = changes.map(({ shotId, use, after }) => `${shotId} ${use} ${after}`);
  expect(listed.sort(), `${kind} ${id}`).toEqual(changed(kind, id).sort());
}

/** By all rows and all shots, for every use. */
function changed(kind: (typeof kinds)[number], id: string): string[] {
  const { ledger } = holdings;
  if (!ledger) return [];
  const section = sectionOf[kind];
  const row = ledger.document[section].find((one) => one.id === id);
  const uses = row && 'uses' in row && row.uses !== 'all' ? row.uses : useSchema.options;
  const rows = ledger.document[section].map((one) =>
    one.id === id && (one.withdrawn === undefined || Date.parse(one.withdrawn) > Date.parse(at))
      ? { ...one, withdrawn: at }
      : one,
  );
  const after = { ...holdings, ledger: { ...ledger, document: { ...ledger.document, [section]: rows } } };
  return uses.flatMap((use) => {
    const ask = { use, territory: 'world', asOf: at };
    const before = decideHoldings(holdings, ask);
    return decideHoldings(after, ask).flatMap(({ shotId, outcome }, n) =>
      before[n]?.outcome === outcome ? [] : [`${shotId} ${use} ${outcome}`],
    );
  });
}
