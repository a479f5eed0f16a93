import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { allowed, catalogue, forgetLedgers, importing, registering } from './catalogued.test-support.ts';
import { clearedFile } from './ledgers.test-support.ts';
import {
  c1,
  explained,
  idsInForce,
  ledger,
  now,
  old,
  recordedEarlier,
  refusal,
  withdraw,
  yes,
} from './refused.test-support.ts';
import { ledgerRow } from './row.ts';
import { rowWords } from './row-words.ts';

/** A refusal beside the consents that lift it. */

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const withdrawing = (target: object, at = now) => withdraw(context, target, at);
const ids = () => idsInForce(context);
const words = () => explained(context);

describe('a refusal that is lifted', () => {
  const part = { ...refusal, uses: ['distil'] };
  const told = 'expected what consents/no said when consents/yes lifted it, and goes on, found';
  const head = 'id,party,answer,on,titles,uses,territories';
  const csvOf = (row: object, ...more: [string, string][]) => {
    const { id, party, answer, on, titles, uses, territories } = row as Record<string, string | string[]>;
    const cells = [id, party, answer, on, titles, uses, territories].map((cell) => [cell].flat().join('; '));
    return `${[head, ...more.map(([name]) => name)].join()}\n${[...cells, ...more.map(([, cell]) => cell)].join()}`;
  };

  test('is said anew for more by a row of its own, as nobody would hear it', async () => {
    await importing(context, ledger(part, yes));
    await expect(importing(context, ledger(refusal, yes))).rejects.toThrow(`${told} uses: "all"`);
    await expect(registering(context, 'consents', csvOf(refusal), true)).rejects.toThrow(
      `${told} uses: "all"`,
    );
    expect(await allowed(context)).toBe(2);
    await importing(context, ledger(refusal, { ...yes, withdrawn: '2026-04-01' }));
    await forgetLedgers(context);
    await importing(context, ledger(part, yes));
    await registering(context, 'consents', csvOf({ ...refusal, id: 'anew' }));
    expect(await allowed(context)).toBe(0);
  });

  test('is lifted by a consent that says its day alone, but where an earlier version had taken one without', async () => {
    const said = { ...refusal, uses: ['train.style'] };
    const undated = { ...yes, on: undefined };
    const day = 'expected a consent that says when it was given, as it lifts "no"';
    await importing(context, ledger(said));
    await expect(importing(context, ledger(said, undated))).rejects.toThrow(day);
    await recordedEarlier(context, ledger(said, undated));
    await importing(context, { ...ledger(said, undated), approvals: [] });
    expect(await allowed(context)).toBe(2);
    const later = { ...said, on: '2026-03-01' };
    await expect(importing(context, ledger(later, undated))).rejects.toThrow(told);
    await importing(context, ledger(later));
    await expect(importing(context, ledger(later, undated))).rejects.toThrow(day);
    expect(await allowed(context)).toBe(0);
  });

  test('is heard under its id for what no lifting consent permits, and where that one is new', async () => {
    const [harbour] = clearedFile().titles ?? [];
    const titles = [harbour, { ...harbour, id: 'quarry', name: 'Quarry', files: ['quarry.mp4'] }];
    const narrow = { ...refusal, titles: ['harbour'], uses: ['train.style'] };
    await importing(context, { ...ledger(narrow, yes), titles });
    await importing(context, { ...ledger({ ...narrow, titles: ['harbour', 'quarry'] }, yes), titles });
    await importing(context, {
      ...ledger({ ...narrow, titles: 'all', uses: ['train.style', 'distil'] }, yes),
      titles,
    });
    expect(await allowed(context)).toBe(2);
    await importing(context, { ...ledger(refusal, { ...yes, id: 'next' }), titles });
    expect(await ids()).toEqual(['next', 'no']);
  });

  test('is given a day, or another of before the consent, by a file and by a register', async () => {
    await importing(context, ledger({ ...part, on: undefined }, yes));
    await importing(context, ledger(part, yes));
    await registering(context, 'consents', csvOf({ ...part, on: '2025-02-01' }), true);
    expect(await allowed(context)).toBe(2);
  });

  test('goes to no earlier day: what was agreed to before it would lift it again', async () => {
    const later = { ...refusal, on: '2026-03-01' };
    await importing(context, ledger(old, refusal, yes));
    await importing(context, ledger(old, later));
    const undone = 'rows without them:\n  consents/no: on: 2026-03-01';
    await expect(importing(context, ledger(old, refusal, yes))).rejects.toThrow(undone);
    await expect(importing(context, ledger(old, { ...refusal, on: undefined }))).rejects.toThrow(undone);
    await expect(registering(context, 'consents', csvOf(refusal), true)).rejects.toThrow(
      'consents/no: on: 2026-03-01',
    );
    await importing(context, ledger(old, { ...later, on: '2026-03-02' }));
    await importing(context, ledger(old, { ...later, on: '2026-03-02', note: 'by mail' }));
    expect(await allowed(context)).toBe(0);
  });

  test('is lifted by no consent of before it, in a file or a register that comes again', async () => {
    const since =
      'expected a refusal of before "yes" was given, found "no", which was said after it. Remove it';
    const lifting = csvOf(yes, ['lifts', 'no']);
    await importing(context, ledger(old, part));
    await registering(context, 'consents', lifting);
    expect(await allowed(context)).toBe(2);
    const later = { ...refusal, on: '2026-03-01' };
    await registering(context, 'consents', csvOf(later), true);
    expect(await allowed(context)).toBe(0);
    await importing(context, ledger(old, later, yes));
    expect(await allowed(context)).toBe(0);
    await importing(context, ledger(old, later));
    expect(await allowed(context)).toBe(0);
    await expect(registering(context, 'consents', lifting)).rejects.toThrow(since);
    await registering(context, 'consents', lifting.replace('2026-01-01', '2026-03-01'));
    expect(await allowed(context)).toBe(2);
  });

  test('is lifted by no consent that comes again for what was refused meanwhile, under its id and day', async () => {
    const lifting = csvOf(yes, ['lifts', 'no']);
    await importing(context, ledger(old, part));
    await registering(context, 'consents', lifting);
    await importing(context, ledger(old, part));
    await registering(context, 'consents', lifting);
    await importing(context, ledger(old, refusal));
    const told =
      'expected what "no" refused when "yes", which comes again, was in force, found more of uses since';
    await expect(registering(context, 'consents', lifting)).rejects.toThrow(told);
    await expect(importing(context, ledger(old, refusal, yes))).rejects.toThrow(told);
    expect(await allowed(context)).toBe(0);
    await importing(context, ledger(old, refusal, { ...yes, on: '2026-04-01' }));
    expect(await allowed(context)).toBe(2);
  });

  test('that once replaced a consent which is in force again leaves it there, whatever register comes', async () => {
    await importing(context, ledger(old));
    await recordedEarlier(context, ledger(old, { ...refusal, supersedes: 'c1' }));
    await registering(context, 'consents', csvOf({ ...refusal, id: 'more', uses: ['distil'] }));
    expect(await ids()).toEqual(['c1', 'more', 'no']);
  });

  test('forbids what only older consents, or ones beside it, permit; what these lack is told', async () => {
    const since = { ...c1, id: 'since', on: '2026-03-01' };
    await importing(context, ledger(old, refusal, { ...yes, uses: ['index'] }, since));
    expect(await allowed(context)).toBe(0);
    expect(await words()).toContain('consents/yes lifts that and permits index, not train.style');
    await importing(context, ledger(old, refusal));
    expect(await words()).not.toContain('does not lift that');
    await importing(context, ledger(old, refusal, since));
    expect(await words()).toContain(
      'nia refused train.style; consents/since permits it and does not lift that: what was agreed to since says so by lifts: [no]',
    );
    await importing(context, ledger(old, refusal, { ...since, lifts: ['no'] }));
    expect(await allowed(context)).toBe(2);
  });

  test('forbids again where the consent in its way turns into a refusal, in a file and in a register without that column', async () => {
    const never = { ...refusal, id: 'yes', on: '2026-05-01', titles: ['harbour'], uses: ['train.style'] };
    await importing(context, ledger(old, refusal, yes));
    await expect(importing(context, ledger(old, refusal, { ...never, lifts: ['no'] }))).rejects.toThrow(
      'Remove lifts',
    );
    await importing(context, ledger(old, refusal, never));
    expect(await allowed(context)).toBe(0);
    await forgetLedgers(context);
    await importing(context, ledger(old, refusal, yes));
    await registering(context, 'consents', csvOf(never), true);
    expect(await allowed(context)).toBe(0);
    expect(await ids()).toEqual(['c1', 'no', 'yes']);
  });

  test('is not lifted by what replaces a consent that was withdrawn, unless that says so', async () => {
    await importing(context, ledger(old, refusal, { ...yes, withdrawn: '2026-04-01' }));
    const next = { ...c1, id: 'next', on: '2026-04-02', uses: ['distil'], supersedes: 'yes' };
    await importing(context, ledger(old, refusal, { ...yes, withdrawn: '2026-04-01' }, next));
    expect(await ids()).toEqual(['c1', 'next', 'no']);
  });

  test('is shown with the consents that lift it', async () => {
    const gone = { ...yes, id: 'gone', withdrawn: '2026-04-01' };
    await importing(context, ledger(refusal, yes, { ...yes, id: 'also' }, gone));
    const row = await ledgerRow(context, 'consents/no');
    expect(row).toMatchObject({ inForce: true, replacedBy: [], liftedBy: ['consents/yes', 'consents/also'] });
    expect(rowWords(row)).toContain('in force, lifted, for what they permit, by consents/yes, consents/also');
  });

  test('stands in the place of the older consent, and no consent that lifts it, or said so in supersedes before, does', async () => {
    const stops = { ...refusal, supersedes: 'c1' };
    await importing(context, ledger(old));
    await importing(context, ledger(old, stops));
    const { lifts: _, ...said } = yes;
    await recordedEarlier(context, ledger(stops, { ...said, supersedes: 'no' }));
    await importing(context, ledger(old, stops, yes));
    expect(await allowed(context)).toBe(2);
    expect(await withdrawing({ consent: 'c1' })).toMatchObject({ replacedBy: [] });
    expect(await allowed(context)).toBe(2);
  });

  test('is one of several: each is named', async () => {
    const other = { ...refusal, id: 'other' };
    await importing(context, ledger(refusal, other, yes));
    expect(await allowed(context)).toBe(0);
    await importing(context, ledger(refusal, other, { ...yes, lifts: ['no', 'other'] }));
    expect(await allowed(context)).toBe(2);
  });

  test.each<[string, object[], string]>([
    ['what nobody refused', [old, { ...yes, lifts: ['c1'] }], '"c1", which is none'],
    ['nothing that is known', [yes], 'found "no"'],
    ["somebody else's", [{ ...refusal, party: 'studio' }, yes], '"no", which is one of "studio"'],
    [
      'another by a refusal',
      [refusal, { ...refusal, id: 'never', lifts: ['no'] }],
      'found a refusal. Remove lifts',
    ],
  ])('is not %s, in a file and in a register', async (_, rows, found) => {
    await expect(importing(context, ledger(...rows))).rejects.toThrow(found);
    await importing(context, ledger(...rows.slice(0, -1)));
    const row = rows.at(-1) as Record<string, string | string[]>;
    const fields = ['id', 'party', 'answer', 'titles', 'uses', 'territories', 'lifts'];
    const cells = fields.map((field) => [row[field]].flat().join('; '));
    const csv = `${fields.join()}\n${cells.join()}`;
    await expect(registering(context, 'consents', csv)).rejects.toThrow(found);
  });
});
