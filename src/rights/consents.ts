import { isWithdrawn } from './moments.ts';
import type { Appearance, Consent, Ledger, Reason } from './schema.ts';
import { type Ask, type Miss, reaches, scopeMisses } from './scope.ts';

/**
 * What a party's being seen in a shot asks for: nothing where it consented, else the refusal, the doubt or
 * the gap.
 */
export function consentReasons(appearance: Appearance, ledger: Ledger, ask: Ask): Reason[] {
  const { party, title } = appearance;
  const rows = ledger.consents.filter((row) => row.party === party);
  const refusals = [...withdrawnParty(party, ledger, ask), ...refusalsIn(rows, title, ask)];
  if (appearance.status === 'proposed') return [proposed(appearance, refusals.length > 0)];
  if (refusals.length > 0) return refusals;
  const covering = rows.filter(
    (row) => row.answer === 'given' && consentMisses(row, title, ask).length === 0,
  );
  if (covering.some((row) => !isWithdrawn(row, ask.at))) return [];
  if (covering.length > 0) return covering.map(withdrawnConsent);
  return [missing(appearance, rows, ask)];
}

function withdrawnParty(id: string, ledger: Ledger, ask: Ask): Reason[] {
  const party = ledger.parties.find((row) => row.id === id);
  if (!party || !isWithdrawn(party, ask.at)) return [];
  return [
    {
      rule: 'consent_refused',
      row: `parties/${id}`,
      message: `${party.name} withdrew on ${party.withdrawn}`,
    },
  ];
}

const concerns = (row: Consent, title: string): boolean => row.titles === 'all' || row.titles.includes(title);

const refusalsIn = (rows: readonly Consent[], title: string, ask: Ask): Reason[] =>
  rows
    .filter((row) => row.answer === 'refused' && concerns(row, title) && reaches(row, ask))
    .map((row) => ({
      rule: 'consent_refused',
      row: `consents/${row.id}`,
      message: `${row.party} refused ${ask.use}`,
    }));

const withdrawnConsent = (row: Consent): Reason => ({
  rule: 'consent_refused',
  row: `consents/${row.id}`,
  message: `${row.party} withdrew the consent on ${row.withdrawn}`,
});

const proposed = ({ id, party }: Appearance, refused: boolean): Reason => ({
  rule: 'appearance_proposed',
  row: `appearances/${id}`,
  message: refused ? `${party} may be seen here, and refused` : `${party} may be seen here`,
});

const consentMisses = (row: Consent, title: string, ask: Ask): Miss[] => [
  ...(concerns(row, title) ? [] : [{ rule: 'consent_missing' as const, message: 'is for another title' }]),
  ...scopeMisses(row, ask),
];

function missing({ id, party, title }: Appearance, rows: readonly Consent[], ask: Ask): Reason {
  const near = rows
    .filter(({ answer }) => answer === 'given')
    .map((row) => ({ row, misses: consentMisses(row, title, ask) }))
    .sort((a, b) => a.misses.length - b.misses.length || (a.row.id < b.row.id ? -1 : 1))[0];
  const nearest =
    near && `; consents/${near.row.id} ${near.misses.map(({ message }) => message).join(' and ')}`;
  const message = `${party} is seen here and has not consented to ${ask.use}${nearest ?? ''}`;
  return { rule: 'consent_missing', row: `appearances/${id}`, message };
}
