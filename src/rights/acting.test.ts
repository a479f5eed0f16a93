import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { decide } from './decide.ts';
import { asking, clearedFile, ledgerWith } from './ledgers.test-support.ts';
import { readLedger } from './read.ts';
import { refusal } from './refusals.test-support.ts';

const guardian = { id: 'guardian', kind: 'guardian' as const, name: 'A Guardian' };
type Link = { party: string; from?: string; until?: string };

/** Nia's consent, given by her guardian; asked for the first of May 2026. */
const given = (consent: object, link: Partial<Link> = {}, withdrawn?: string) => {
  const [studio, nia] = clearedFile().parties ?? [];
  const [row] = clearedFile().consents ?? [];
  const represented = { ...(nia as object), representedBy: [{ party: 'guardian', ...link }] };
  const ledger = ledgerWith({
    parties: [studio, represented, { ...guardian, withdrawn }] as never,
    agreements: [
      {
        id: 'deal',
        name: 'D',
        kind: 'consent',
        parties: ['nia'],
        sha256: 'a'.repeat(64),
        signed: '2026-02-01',
      },
    ],
    consents: [{ ...row, givenBy: 'guardian', ...consent }] as never,
  });
  return decide(asking({ ledger })).reasons.map(({ rule, row: named }) => `${rule} ${named}`);
};

const refused = ['not_represented consents/c1'];

describe('what a guardian consented to', () => {
  test('counts while the guardianship lasts, and not before it begins nor after it ends, where no day is known', () => {
    expect(given({})).toEqual([]);
    expect(given({}, { from: '2026-01-01', until: '2026-05-01' })).toEqual([]);
    expect(given({}, { until: '2026-04-30' })).toEqual(refused);
    expect(given({}, { from: '2026-05-02' })).toEqual(refused);
    expect(given({}, {}, '2026-05-01')).toEqual(refused);
  });

  test('goes on counting after the guardianship where it was given within it', () => {
    expect(given({ on: '2026-02-01' }, { until: '2026-03-01' })).toEqual([]);
    expect(given({ on: '2026-02-01' }, {}, '2026-03-01')).toEqual([]);
    expect(given({ evidence: { agreement: 'deal' } }, { until: '2026-03-01' })).toEqual([]);
    expect(given({ on: '2026-02-01', withdrawn: '2026-04-01' }, { until: '2026-03-01' })).toEqual([
      'consent_refused consents/c1',
    ]);
  });

  test('never counts where it was given before or after the guardianship', () => {
    expect(given({ on: '2026-03-02' }, { until: '2026-03-01' })).toEqual(refused);
    expect(given({ on: '2026-02-01' }, { from: '2026-02-02' })).toEqual(refused);
    expect(given({ on: '2026-03-01' }, {}, '2026-03-01')).toEqual(refused);
    expect(given({ evidence: { agreement: 'deal' } }, { until: '2026-01-31' })).toEqual(refused);
  });

  test('and signed counts where both days lie within the guardianship', () => {
    const signed = (on: string, link: Partial<Link>) => given({ on, evidence: { agreement: 'deal' } }, link);
    expect(signed('2026-01-01', { from: '2026-01-01', until: '2026-02-01' })).toEqual([]);
    expect(signed('2026-01-01', { until: '2026-01-31' })).toEqual(refused);
    expect(signed('2026-03-01', { from: '2026-02-02' })).toEqual(refused);
    expect(signed('2026-03-01', { from: '2026-02-01', until: '2026-02-28' })).toEqual(refused);
  });

  test('is a refusal whenever it was given', () => {
    expect(given({ answer: 'refused', on: '2026-04-01' }, { until: '2026-03-01' })).toEqual([
      'consent_refused consents/c1',
    ]);
  });
});

test('a representative is listed once, with a time that does not end before it begins, and is known', () => {
  const parties = (...representedBy: (string | Link)[]) =>
    stringify({
      ...clearedFile(),
      parties: [...(clearedFile().parties ?? []), { ...guardian, representedBy }],
    });
  const read = readLedger(parties({ party: 'nia', from: '2026-01-01' }, 'studio'), 'l.yaml');
  expect(read.parties[2]?.representedBy).toEqual([{ party: 'nia', from: '2026-01-01' }, 'studio']);
  expect(refusal(parties('nia', { party: 'nia' })).join()).toContain('each representative once');
  expect(refusal(parties({ party: 'nia', from: '2026-02-01', until: '2026-01-01' })).join()).toContain(
    'an end after',
  );
  expect(refusal(parties({ party: 'ghost' })).join()).toContain(
    'the id of one of the parties, found "ghost"',
  );
  expect(refusal(parties({ party: 'guardian' })).join()).toContain('representatives without a circle');
});
