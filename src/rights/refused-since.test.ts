import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { decideHoldings, type Holdings, holdingsOf } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { append } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { STAND_AGAIN } from './ledgers-since.ts';
import { generous, ledgers } from './random.test-support.ts';
import { sections } from './raw.ts';
import { refusedSince } from './refused-since.ts';
import { type Ledger, ledgerSchema } from './schema.ts';
import { currentLedger } from './store.ts';

/** What an import newly refuses, beside deciding everything by both ledgers. */

const PAIRS = 30;
let context: Awaited<ReturnType<typeof testContext>>['context'];
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  for (const name of ['t1', 't2']) await catalogue(context, name, `${name}.mp4`);
  const place = (shot: string) => ({ shot, in: 0, out: 24 });
  const facts = { a: place('sht_t1-0'), b: place('sht_t2-1'), kinds: [], similarity: 0.99, speed: 1 };
  await context.db.insert(tables.shotsCopies).values({ a: facts.a.shot, b: facts.b.shot, facts });
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const random = fc.sample(ledgers, { numRuns: 2 * PAIRS, seed: 5 });

/** As a file holds it: objects of the generator have no prototype. */
async function recorded(ledger: Ledger, source = ''): Promise<Holdings> {
  const document = ledgerSchema.parse(JSON.parse(JSON.stringify(ledger)));
  const before = await currentLedger(context.db);
  const kept = { sha256: JSON.stringify(document), source, document };
  await append(context, before, kept, { what: source === '' ? 'rights.import' : 'other', subject: '' });
  return holdingsOf(context);
}

let newly = 0;
it.each(Array.from({ length: PAIRS }, (_, n) => n))(
  'what was allowed and is refused is found without deciding everything (random ledgers %i)',
  async (n) => {
    const [one, other] = [generous(random[2 * n] as Ledger), random[2 * n + 1] as Ledger];
    const section = sections[n % sections.length] ?? 'grants';
    const before = await recorded(one);
    const now = await recorded({ ...one, [section]: other[section] });
    const performers = ['p1', 'ghost'];
    const since = await refusedSince(context, now.ledger?.id ?? '', performers);
    for (const use of ['train.style', 'index', 'generate.previz'] as const)
      for (const named of [undefined, performers]) {
        const asked = { use, territory: 'world', asOf: '2026-05-01', performers: named };
        const [then, next] = [decideHoldings(before, asked), decideHoldings(now, asked)];
        const wanted = next.filter(({ outcome }, i) => outcome !== 'ALLOW' && then[i]?.outcome === 'ALLOW');
        const found = since.ask([...since.shots], asked);
        const told = wanted.map(({ shotId, reasons: [first] }) => [shotId, first?.row, first?.message]);
        expect(found.map(({ shotId, row, message }) => [shotId, row, message])).toEqual(told);
        newly += told.length;
      }
  },
);

it('some of them refused something', () => expect(newly).toBeGreaterThan(10));

it('what an update refuses that put refusals back in force is told by the first import after it, and by no later one', async () => {
  const cleared = clearedFile();
  const titles = cleared.titles?.map((title) => ({ ...title, files: ['t1.mp4'] }));
  const allowing = {
    ...ledgerSchema.parse({ ...cleared, titles, consents: [], appearances: [] }),
    restrictions: [],
  };
  const no = { id: 'no', titles: 'all', uses: 'all', territories: ['world'], reason: 'an old word' } as const;
  const restrictions: Ledger['restrictions'] = [{ ...no, territories: ['world'] }];
  const asked = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
  const then = decideHoldings(await recorded(allowing), asked).filter(({ outcome }) => outcome === 'ALLOW');
  expect(then.length).toBeGreaterThan(0);
  await recorded({ ...allowing, restrictions }, STAND_AGAIN);
  await recorded({ ...allowing, restrictions, obligations: [] }, 'a withdrawal');
  const first = await recorded({ ...allowing, restrictions, policies: [] });
  const told = async (holdings: Holdings) => {
    const since = await refusedSince(context, holdings.ledger?.id ?? '', []);
    return since.ask([...since.shots], asked).map(({ shotId }) => shotId);
  };
  expect(await told(first)).toEqual(then.map(({ shotId }) => shotId));
  expect(await told(await recorded({ ...allowing, restrictions }))).toEqual([]);
});
