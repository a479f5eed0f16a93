/**
 * Ledgers and shots as the tables that the rules in SQL read. Rows have numbers, unique over all ledgers that
 * are decided together; `key` is the row's id in its ledger. Moments are milliseconds since 1970: `starts` and
 * `ends` are the first and last that a window holds. A list that is null does not narrow.
 */
const scope = {
  uses: ['VARCHAR'],
  territories: ['VARCHAR'],
  models: ['VARCHAR'],
  trainers: ['VARCHAR'],
  outputs: ['VARCHAR'],
  starts: 'BIGINT',
  ends: 'BIGINT',
} as const;

const row = { no: 'INTEGER', key: 'VARCHAR' } as const;
const wide = { ...row, ledger: 'INTEGER', everywhere: 'BOOLEAN', ...scope } as const;
/** The first and last moment in which it counts who said it; null: no limit. */
const bound = { bound_from: 'BIGINT', bound_until: 'BIGINT' } as const;
/** From when on it counts as given; null: not known. Whether that is so though a document is named. */
const dated = { given_from: 'BIGINT', undated: 'BOOLEAN' } as const;
const ofTitle = { no: 'INTEGER', title: 'INTEGER' } as const;

export const tableColumns = {
  parties: { ...row, ledger: 'INTEGER', withdrawn: 'BIGINT' },
  titles: { ...row, ledger: 'INTEGER', withdrawn: 'BIGINT', whole: 'BOOLEAN', broken: 'BOOLEAN' },
  owners: { title: 'INTEGER', party: 'INTEGER', starts: 'BIGINT', ends: 'BIGINT' },
  /** Given to somebody else than the house; given to somebody where no house is stated. */
  grants: {
    ...{ ...row, grantor: 'INTEGER', ...scope, withdrawn: 'BIGINT', ...dated },
    ...{ elsewhere: 'BOOLEAN', unstated: 'BOOLEAN' },
  },
  grant_titles: ofTitle,
  licences: { no: 'INTEGER', material: 'INTEGER' },
  restrictions: { ...wide, approvable: 'BOOLEAN' },
  restriction_titles: ofTitle,
  approvals: { ...row, restriction: 'INTEGER', ...scope, withdrawn: 'BIGINT', ...bound, ...dated },
  approval_titles: ofTitle,
  obligations: { ...wide, kind: 'VARCHAR', due: 'BIGINT', done: 'BIGINT' },
  obligation_titles: ofTitle,
  consents: {
    ...{ ...wide, party: 'INTEGER', given: 'BOOLEAN', withdrawn: 'BIGINT' },
    replica: 'BOOLEAN',
    ...bound,
    ...dated,
  },
  consent_titles: ofTitle,
  /** Refusals that a consent lifts. */
  consent_lifts: { no: 'INTEGER', refusal: 'INTEGER' },
  appearances: { ...row, title: 'INTEGER', party: 'INTEGER', confirmed: 'BOOLEAN' },
  listings: {
    ...{ ...row, kind: 'VARCHAR', title: 'INTEGER', whole: 'BOOLEAN' },
    ...{ starts: 'BIGINT', withdrawn: 'BIGINT' },
  },
  policies: { ledger: 'INTEGER', kind: 'VARCHAR' },
  materials: { ...row, title: 'INTEGER', confirmed: 'BOOLEAN' },
  shots: { shot: 'VARCHAR', ledger: 'INTEGER', title: 'INTEGER' },
  seen: { shot: 'VARCHAR', appearance: 'INTEGER' },
  present: { shot: 'VARCHAR', material: 'INTEGER' },
  stated: { shot: 'VARCHAR', listing: 'INTEGER' },
  unplaced: { shot: 'VARCHAR', row: 'VARCHAR' },
  copies: { shot: 'VARCHAR', other: 'VARCHAR' },
} as const;

export type TableName = keyof typeof tableColumns;
