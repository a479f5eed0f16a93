import type { Context } from '../../jobs/index.ts';
import type { Ledger, NamedFile } from '../../rights/index.ts';
import { givenTo } from '../lineage.ts';
import type { Lineage } from '../schema.ts';
import { countsClips, countsPictures, type RuleId } from '../statement-rules.ts';
import { type FilmShown, filmsShown, readFiles, readTakesGiven, type Take } from '../store.ts';
import type { Given } from './claims.ts';
import { holdersOf } from './holders.ts';
import { byLedger, type LedgersThen, type Names, namesIn, noteNames } from './ledgers.ts';
import { type By, filmsKnown } from './names.ts';

export interface FoundGiven {
  given: Given[];
  names: Names;
  notKnown: string[];
}

type Db = Context['db'];
type Reference = Lineage['references'][number];

/** A take with what it was given. */
interface TakeGiven {
  take: Take;
  madeAt: Date;
  given: Reference[];
}

/** A film of the catalogue, or a picture of a shot of it. */
type Shown = Pick<FilmShown, 'shot'> & { film: NamedFile };

/**
 * Files that were catalogued by a moment and that takes of the period were given, known by their bytes, with, by rules that count them,
 * pictures that Backlot cut out of those; other files are told apart.
 */
export async function givenFilms(
  db: Db,
  period: { from: string; until: string },
  by: By,
  ledgers: LedgersThen,
): Promise<FoundGiven> {
  const found: FoundGiven = { given: [], names: new Map(), notKnown: [] };
  const made = await readTakesGiven(db, period);
  const takes = made.map((take) => ({ take, madeAt: take.madeAt, given: givenTo(take) }));
  const films = await filmsBy(db, by, takes);
  const shownOf = (reference: Reference) => {
    const shown = films.get(reference.sha256);
    return shown && counts(by.rule, shown, reference) ? shown : undefined;
  };
  for (const { take, given } of takes)
    found.notKnown.push(...given.filter((one) => !shownOf(one)).map((one) => strange(take.id, one)));
  const counted = takes.filter(({ given }) => given.some(shownOf));
  for await (const { ledger, made: own } of byLedger(db, ledgers, counted)) add(found, own, shownOf, ledger);
  return found;
}

/** The films that takes were given, by the sha256 of what was given. */
async function filmsBy(db: Db, by: By, takes: readonly TakeGiven[]): Promise<ReadonlyMap<string, Shown>> {
  const catalogued = filmsKnown(await readFiles(db, by.asOf), by);
  const hashes = new Set(takes.flatMap(({ given }) => given.map(({ sha256 }) => sha256)));
  const shown = await filmsShown(db, [...hashes]);
  return new Map(
    shown.flatMap(({ sha256, film, shot }) => {
      const named = shot && !countsPictures(by.rule) ? undefined : catalogued.get(film.id);
      return named ? [[sha256, { film: named, shot }] as const] : [];
    }),
  );
}

/** An earlier rule counts of what was cut out of films no more than it says. */
const counts = (rule: RuleId, { shot }: Shown, { role }: Reference): boolean =>
  shot === null || role !== 'video' || countsClips(rule);

/** Takes that were made while a ledger was in force. */
function add(
  found: FoundGiven,
  takes: readonly TakeGiven[],
  shownOf: (reference: Reference) => Shown | undefined,
  ledger: Ledger | null,
): void {
  if (ledger) noteNames(found.names, namesIn(ledger));
  const inParts = titlesInParts(ledger);
  for (const { take, given } of takes)
    for (const reference of given) {
      const shown = shownOf(reference);
      if (!shown) continue;
      const { film, shot } = shown;
      const facts = { take: take.id, madeAt: take.madeAt.toISOString() };
      const holders = holdersOf(ledger, facts.madeAt, film, shot, [film]);
      found.given.push({ ...facts, given: reference.role, sha256: reference.sha256, holders });
      if (!shot && inParts.has(holders.title?.id)) found.notKnown.push(parts(take.id, reference));
    }
}

const titlesInParts = (ledger: Ledger | null): ReadonlySet<string | undefined> =>
  new Set(ledger?.appearances.flatMap(({ title, shots }) => (Array.isArray(shots) ? title : [])));

const strange = (take: string, { role, name }: Reference): string =>
  `Take ${take}: its ${role} "${name}" is no file of the catalogue, so whose it is is not known.`;

const parts = (take: string, { name }: Reference): string =>
  `Take ${take}: which frames of "${name}" it was given is not recorded, so people whom the ledger confirms in parts of it are not counted.`;
