// The studio's rights ledger: one title for each case that lawyers meet, in the form that the rights stage imports.
import { stringify } from 'yaml';
import type { Performer } from './cast.ts';
import type { RightsCase } from './schema.ts';

/** What the ledger has to know of a rendered film. */
export interface LedgerFilm {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly rights: RightsCase;
  readonly cast: readonly Performer[];
  /** Frames [in, out) in which each performer's character is seen, by the performer's id. */
  readonly seen: ReadonlyMap<string, readonly { readonly in: number; readonly out: number }[]>;
}

const OWNER = 'sample-studio';
const LOOK_USES = ['index', 'eval'] as const;
const MODEL_USES = [
  ...LOOK_USES,
  'train.foundation',
  'train.style',
  'train.performer',
  'condition',
  'generate.previz',
  'generate.temp',
  'generate.final',
] as const;

/** The terms each case's grant differs in; no entry: no grant at all. */
const TERMS: Partial<
  Record<
    RightsCase,
    { uses: readonly string[]; territories: readonly string[]; from: string; until?: string; note: string }
  >
> = {
  cleared: {
    uses: MODEL_USES,
    territories: ['world'],
    from: '2020-01-01',
    note: 'all that the production needs',
  },
  expired: {
    uses: MODEL_USES,
    territories: ['world'],
    from: '2012-01-01',
    until: '2016-12-31',
    note: 'ended and was not renewed',
  },
  territory: { uses: MODEL_USES, territories: ['JP'], from: '2020-01-01', note: 'Japan alone' },
  use_not_granted: {
    uses: LOOK_USES,
    territories: ['world'],
    from: '2020-01-01',
    note: 'looking, not training',
  },
};

/** The ledger as YAML. Titles of the case `unknown` are not in it. */
export function ledgerOf(films: readonly LedgerFilm[]): string {
  const known = films.filter((film) => film.rights !== 'unknown');
  const ledger = {
    version: 1,
    parties: [{ id: OWNER, name: 'The Sample Studio', kind: 'org' }, ...known.flatMap(partiesOf)],
    titles: known.map((f) => ({
      id: f.id,
      name: f.name,
      files: [f.file],
      shares: [{ party: OWNER, share: '100%' }],
    })),
    grants: known.flatMap(grantsOf),
    restrictions: known.filter((f) => f.rights === 'cleared').map(noAdvertising),
    consents: known.flatMap(consentsOf),
    appearances: known.flatMap(appearancesOf),
    casts: known.map(castOf),
    inventories: known.map(inventoryOf),
  };
  return stringify(ledger, { lineWidth: 0 });
}

const playing = (film: LedgerFilm): Performer[] => film.cast.filter((p) => film.seen.has(p.id));

const partiesOf = (film: LedgerFilm) =>
  playing(film).map((p) => ({ id: p.id, name: p.name, kind: 'person' }));

function grantsOf(film: LedgerFilm): object[] {
  const terms = TERMS[film.rights];
  return terms ? [{ id: `grant-${film.id}`, grantor: OWNER, titles: [film.id], ...terms }] : [];
}

const noAdvertising = (film: LedgerFilm) => ({
  id: `no-advertising-${film.id}`,
  imposedBy: OWNER,
  titles: [film.id],
  uses: ['generate.ad'],
  territories: ['world'],
  reason: 'The characters are not to sell anything.',
});

/** Everyone agreed, but for the guest, who said no to anything with a model. */
function consentsOf(film: LedgerFilm): object[] {
  return playing(film).map((p) => ({
    id: `consent-${film.id}-${p.id}`,
    party: p.id,
    answer: p.guest ? 'refused' : 'given',
    titles: [film.id],
    uses: p.guest ? MODEL_USES.filter((use) => use !== 'index') : [...MODEL_USES],
    territories: ['world'],
    from: '2020-01-01',
  }));
}

/** The renderer knows whom it drew, and that nothing of others is in it. */
const listed = (film: LedgerFilm) => ({ title: film.id, by: OWNER, on: '2020-01-01' });
const castOf = (film: LedgerFilm) => ({ id: `cast-${film.id}`, ...listed(film) });
const inventoryOf = (film: LedgerFilm) => ({ id: `inventory-${film.id}`, ...listed(film) });

function appearancesOf(film: LedgerFilm): object[] {
  return playing(film).map((p) => ({
    id: `appearance-${film.id}-${p.id}`,
    party: p.id,
    title: film.id,
    file: film.file,
    shots: film.seen.get(p.id),
    status: 'confirmed',
  }));
}
