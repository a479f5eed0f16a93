import { readAsk } from './ask.ts';
import type { Question } from './decide.ts';
import { type Ledger, type LedgerFile, ledgerSchema } from './schema.ts';
import type { Use } from './uses.ts';

/** A ledger in which Harbour is cleared for training everywhere and Nia, who is seen in it, has consented. */
export const clearedFile = (): LedgerFile => ({
  version: 1,
  parties: [
    { id: 'studio', kind: 'org', name: 'The Studio' },
    { id: 'nia', kind: 'person', name: 'Nia Okafor' },
  ],
  titles: [
    { id: 'harbour', name: 'Harbour', files: ['harbour.mp4'], shares: [{ party: 'studio', share: '100%' }] },
  ],
  grants: [
    {
      id: 'g1',
      grantor: 'studio',
      titles: ['harbour'],
      uses: ['train.style', 'index'],
      territories: ['world'],
    },
  ],
  restrictions: [],
  consents: [
    {
      id: 'c1',
      party: 'nia',
      answer: 'given',
      titles: ['harbour'],
      uses: ['train.style'],
      territories: ['world'],
    },
  ],
  appearances: [
    {
      id: 'a1',
      party: 'nia',
      title: 'harbour',
      file: 'harbour.mp4',
      shots: [{ in: 0, out: 48 }],
      status: 'confirmed',
    },
  ],
});

/** The cleared ledger with changes, checked by the schema. */
export const ledgerWith = (parts: Partial<LedgerFile> = {}): Ledger =>
  ledgerSchema.parse({ ...clearedFile(), ...parts });

export const harbourShot: Question['shot'] = {
  in: 0,
  out: 24,
  inTimecode: '01:00:00:00',
  outTimecode: '01:00:01:00',
  file: { name: 'harbour.mp4', sha256: 'a'.repeat(64) },
};

/** Harbour's first shot, for training a style anywhere, on the first of May 2026. */
export const asking = (parts: Partial<Question> = {}): Question => ({
  shot: harbourShot,
  title: { title: 'harbour' },
  ledger: ledgerWith(),
  use: 'train.style',
  territory: 'world',
  asOf: '2026-05-01',
  ...parts,
});

/** Where a question is asked, in harbour.mp4, on the first of May 2026. */
export const placeIn = (ledger: Ledger, { use, territory }: { use: Use; territory: string }) => ({
  ...{ ledger, ask: readAsk({ use, territory, asOf: '2026-05-01' }), title: 'harbour', file: 'harbour.mp4' },
  partyNames: new Map(ledger.parties.map(({ id, name }) => [id, name])),
  silent: [],
  left: new Set<string>(),
});
