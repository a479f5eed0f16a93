import { expect, it } from 'vitest';
import { byUrgency, dutiesIn } from './duty-list.ts';
import { ledgerSchema } from './schema.ts';

const owed = (id: string, more: object) => ({
  ...{ id, kind: 'notify', to: 'ann', titles: ['harbour'], uses: ['generate.final'], territories: ['world'] },
  ...more,
});
const ledger = ledgerSchema.parse({
  version: 1,
  parties: [{ id: 'ann', kind: 'person', name: 'Ann Example' }],
  obligations: [
    owed('told', { done: '2026-03-01', fulfilled: { agreement: 'letter', page: 2 } }),
    owed('tell', {}),
    owed('later', { kind: 'pay', amount: '12.50 EUR', due: '2026-12-31', titles: 'all', uses: 'all' }),
    owed('late', { kind: 'pay', amount: '1200.50 EUR', due: '2026-11-24', evidence: { agreement: 'rider' } }),
    owed('later-told', { done: '2026-12-24', due: '2026-11-25' }),
    owed('today', { kind: 'consult', due: '2026-11-26' }),
  ],
});
const listed = dutiesIn(ledger, '2026-11-26T10:00:00Z').sort(byUrgency);
const duty = (id: string) => listed.find(({ of }) => of === `obligations/${id}`);

it('what is overdue comes first, the longest first, then by the day, then what names none, then what is done', () => {
  expect(listed.map(({ of, state }) => [of.replace('obligations/', ''), state])).toEqual([
    ['late', 'overdue'],
    ['later-told', 'overdue'],
    ['today', 'open'],
    ['later', 'open'],
    ['tell', 'open'],
    ['told', 'done'],
  ]);
});

it('each says who is owed it, for what, since when or until when, and where it is written', () => {
  expect(duty('late')).toMatchObject({
    ...{
      kind: 'pay',
      to: { id: 'ann', name: 'Ann Example' },
      what: 'pay 1200.50 EUR to Ann Example',
      days: -2,
    },
    ...{ titles: ['harbour'], uses: ['generate.final'], evidence: { agreement: 'rider', page: null } },
  });
  expect([duty('today')?.days, duty('later')?.days, duty('tell')?.days]).toEqual([0, 35, null]);
  expect(duty('later')).toMatchObject({ titles: null, uses: null });
});

it('what is done says when and by what document; a day that is still to come does not count', () => {
  expect(duty('told')?.done).toEqual({ at: '2026-03-01', by: null, evidence: 'agreements/letter, page 2' });
  expect(duty('later-told')?.done).toBeNull();
});

it('shots wait for who must be told or asked, and for a payment once it is overdue', () => {
  const waiting = listed.filter(({ holdsUp }) => holdsUp).map(({ of }) => of.replace('obligations/', ''));
  expect(waiting.sort()).toEqual(['late', 'later-told', 'tell', 'today']);
});
