import type { Context } from '../../jobs/index.ts';
import { type Ledger, ledgerById, type NamedFile } from '../../rights/index.ts';
import { givenTo } from '../lineage.ts';
import type { Lineage } from '../schema.ts';
import { countsClips, countsPictures, type RuleId } from '../statement-rules.ts';
import { type FilmShown, filmsShown, readFiles, readLedgerIdAt, readTakesMade, type Take } from '../store.ts';
import type { Given } from './claims.ts';
import { holdersOf } from './holders.ts';
import { type By, filmsKnown } from './names.ts';

export interface FoundGiven {
  given: Given[];
  ledgers: Ledger[];
  notKnown: string[];
}

type Db = Context['db'];
type Reference = Lineage['references'][number];

/**
 * Files that were catalogued by a moment and that takes of the period were given, known by their bytes, with, by rules that count them,
 * pictures that Backlot cut out of those; other files are told apart.
 */
export async function givenFilms(
  db: Db,
  period: { from: string; until: string },
  by: By,
): Promise<FoundGiven> {
  const found: FoundGiven = { given: [], ledgers: [], notKnown: [] };
  const catalogued = filmsKnown(await readFiles(db, by.asOf), by);
  const takes = (await readTakesMade(db, period)).map((take) => ({ take, given: givenTo(take) }));
  const hashes = takes.flatMap(({ given }) => given.map(({ sha256 }) => sha256));
  const shown = await filmsShown(db, hashes);
  const films = new Map(
    shown.flatMap(({ sha256, film, shot }) => {
      const named = shot && !countsPictures(by.rule) ? undefined : catalogued.get(film.id);
      return named ? [[sha256, { film: named, shot }] as const] : [];
    }),
  );
  const ledgers = ledgersAt(db);
  for (const { take, given } of takes) {
    for (const reference of given) {
      const film = films.get(reference.sha256);
      if (film && counts(by.rule, film, reference))
        add(found, take, reference, film, await ledgers(take.madeAt));
      else found.notKnown.push(strange(take.id, reference));
    }
  }
  return found;
}

/** An earlier rule counts of what was cut out of films no more than it says. */
const counts = (rule: RuleId, { shot }: Pick<FilmShown, 'shot'>, { role }: Reference): boolean =>
  shot === null || role !== 'video' || countsClips(rule);

function add(
  found: FoundGiven,
  take: Take,
  reference: Reference,
  { film, shot }: Pick<FilmShown, 'shot'> & { film: NamedFile },
  ledger: Ledger | null,
): void {
  const facts = { take: take.id, madeAt: take.madeAt.toISOString() };
  const holders = holdersOf(ledger, facts.madeAt, film, shot, [film]);
  found.given.push({ ...facts, given: reference.role, sha256: reference.sha256, holders });
  if (!ledger) return;
  found.ledgers.push(ledger);
  if (!shot && inParts(ledger, holders.title?.id)) found.notKnown.push(parts(take.id, reference));
}

const strange = (take: string, { role, name }: Reference): string =>
  `Take ${take}: its ${role} "${name}" is no file of the catalogue, so whose it is is not known.`;

const parts = (take: string, { name }: Reference): string =>
  `Take ${take}: which frames of "${name}" it was given is not recorded, so people whom the ledger confirms in parts of it are not counted.`;

const inParts = (ledger: Ledger, title: string | undefined): boolean =>
  ledger.appearances.some((row) => row.title === title && Array.isArray(row.shots));

/** The ledger that was in force at a moment, each read once. */
export function ledgersAt(db: Db): (at: Date) => Promise<Ledger | null> {
  const known = new Map<string, Promise<Ledger | null>>();
  return async (at) => {
    const id = await readLedgerIdAt(db, at);
    if (id === null) return null;
    const reading = known.get(id) ?? ledgerById(db, id).then((ledger) => ledger?.document ?? null);
    known.set(id, reading);
    return reading;
  };
}
