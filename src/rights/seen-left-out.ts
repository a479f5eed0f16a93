import { holdsRange, type NamedFile, names, plainName } from './match.ts';
import type { Appearance, Ledger, Material } from './schema.ts';
import { concerns } from './scope.ts';
import { successorsIn } from './successors.ts';

/** A ledger file beside the ledger in force. */
export interface Beside {
  file: Ledger;
  /** The file without the rows that others in it replace. */
  stands: Ledger;
  inForce: Ledger;
  /** The catalogued films: one row may name a film by its name and another by its sha256. */
  films: readonly NamedFile[];
}

type Place = Appearance | Material;

/**
 * Who and what is seen by the ledger in force and no longer by a file, and policies that it lacks: without them shots would be allowed
 * that waited for a consent, a licence or a statement (ADR 0171). What a row of the file replaces is in it, but for where those are seen who withdrew or refused: of them nobody
 * would be asked any more.
 */
export const seenLeftOut = (beside: Beside): string[] => [
  ...peopleLeftOut(beside),
  ...materialsLeftOut(beside),
  ...policiesLeftOut(beside),
];

function peopleLeftOut({ file, stands, inForce, films }: Beside): string[] {
  const [replaced, ids] = [replacedBy(file.appearances), idsOf(stands.appearances)];
  const [forbids, forbidsNow, filmsOf] = [whoForbids(inForce), whoForbids(stands), namedBy(films)];
  const inPlace = ofPartyIn(stands.appearances, filmsOf);
  const successors = successorsIn(file.titles);
  // Where the film is another title's by now, who refused must refuse for that one.
  const isForbidden = (row: Appearance, now: Appearance): boolean =>
    now.status === 'confirmed' &&
    (successors(row.title).includes(now.title) || forbidsNow({ ...row, title: now.title }));
  const isGone = (row: Appearance): boolean => {
    const theirs = inPlace(row);
    if (forbids(row))
      return !isSeen(
        row,
        theirs.filter((now) => isForbidden(row, now)),
        filmsOf,
      );
    if (replaced.has(row.id)) return false;
    // What replaced a mistake stays: else an older file, which holds both, would replace it once more.
    if (isReplacing(row) && !ids.has(row.id)) return true;
    // Who may be seen there as well as be confirmed under the row's own id is still waited for.
    const same = theirs.filter(
      ({ id, status }) => id === row.id || status === row.status || isProposed(status),
    );
    return !isSeen(row, same, filmsOf);
  };
  const told = (row: Appearance) => (forbids(row) ? forbiddenWords(row) : wordsOf('appearances', row));
  return inForce.appearances.filter(isGone).map(told);
}

/** Of the same party in the same film, under whatever name, and the row of the same id: looked through whole, a party that is seen 6,000 times took 9 s of the processor. */
function ofPartyIn(rows: readonly Appearance[], filmsOf: FilmsOf): (row: Appearance) => Appearance[] {
  const keyOf = (party: string, name: string): string => `${party}\n${name}`;
  const there = Map.groupBy(rows, ({ party, file }) => keyOf(party, plainName(file)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ({ id, party, file }) => {
    const written = new Set([plainName(file), ...filmsOf(file).flatMap(formsOf)]);
    const found = [...written].flatMap((name) => there.get(keyOf(party, name)) ?? []);
    const own = byId.get(id);
    return own?.party === party ? [own, ...found] : found;
  };
}

const isProposed = (status: Appearance['status']): boolean => status === 'proposed';

const forbiddenWords = ({ id, party, title, file, shots }: Appearance): string =>
  `appearances/${id}: confirmed, of ${party} in ${title}, ${file}, shots ${JSON.stringify(shots)}`;

/** Whether a confirmed row is of a party that withdrew, or withdrew or refused a consent for the title. */
function whoForbids({ parties, consents }: Ledger): (row: Appearance) => boolean {
  const gone = new Set(parties.flatMap(({ id, withdrawn }) => (withdrawn === undefined ? [] : [id])));
  const against = consents.filter((row) => row.answer === 'refused' || row.withdrawn !== undefined);
  const by = Map.groupBy(against, ({ party }) => party);
  return ({ party, title, status, shots }) =>
    status === 'confirmed' &&
    shots !== 'none' &&
    (gone.has(party) || (by.get(party)?.some((row) => concerns(row, title)) ?? false));
}

/** Licences name a thing by its id: another of the same kind in the same place is not it. */
function materialsLeftOut({ file, stands, inForce, films }: Beside): string[] {
  const replaced = replacedBy(file.materials);
  const there = new Map(stands.materials.map((row) => [row.id, row]));
  const filmsOf = namedBy(films);
  const isGone = (row: Material): boolean => {
    if (replaced.has(row.id)) return false;
    const now = there.get(row.id);
    return now === undefined || isOfAnother(row, now) || !isSeen(row, [now], filmsOf);
  };
  return inForce.materials.filter(isGone).map((row) => wordsOf('materials', row));
}

/** That nobody knew the owner, or knows any more, permits nothing. */
const isOfAnother = (before: Material, now: Material): boolean =>
  before.owner !== undefined && now.owner !== undefined && before.owner !== now.owner;

function policiesLeftOut({ file, stands, inForce }: Beside): string[] {
  const said = ({ cast, materials, house }: Ledger['policies'][number]) =>
    JSON.stringify({ cast, materials, house });
  const [replaced, ids] = [replacedBy(file.policies), idsOf(stands.policies)];
  const there = new Set(stands.policies.map(said));
  return inForce.policies
    .filter(
      (row) => !replaced.has(row.id) && (!there.has(said(row)) || (isReplacing(row) && !ids.has(row.id))),
    )
    .map((row) => wordsOf('policies', row));
}

const idsOf = (rows: readonly { id: string }[]): Set<string> => new Set(rows.map(({ id }) => id));

const replacedBy = (rows: readonly { supersedes?: string | undefined }[]): Set<string> =>
  new Set(rows.flatMap(({ supersedes }) => supersedes ?? []));

const isReplacing = (row: { supersedes?: string | undefined; shots?: unknown }): boolean =>
  row.supersedes !== undefined || row.shots === 'none';

/** The row as it has to stand in the file. */
const wordsOf = (section: string, row: { id: string }): string =>
  `${section}/${row.id}: ${JSON.stringify(row)}`;

type FilmsOf = (written: string) => readonly NamedFile[];

const formsOf = ({ name, sha256, also = [] }: NamedFile): string[] => [
  sha256,
  ...[name, ...also].map(plainName),
];

/** The films that a name or sha256 means. */
function namedBy(films: readonly NamedFile[]): FilmsOf {
  const byName = new Map<string, NamedFile[]>();
  for (const film of films)
    for (const name of new Set(formsOf(film))) byName.set(name, [...(byName.get(name) ?? []), film]);
  return (written) => byName.get(plainName(written)) ?? [];
}

/** Whether everything that the row says is seen is still so by others. Of a film that is not catalogued the row may correct the name. */
function isSeen(row: Place, by: readonly Place[], filmsOf: FilmsOf): boolean {
  if (row.shots === 'none') return true;
  const films = filmsOf(row.file);
  if (films.length > 0)
    return films.every((film) =>
      holdsPlaces(
        row,
        by.filter(({ file }) => names(file, film)),
      ),
    );
  const isNamed = ({ id, file }: Place) => id === row.id || plainName(file) === plainName(row.file);
  return holdsPlaces(row, by.filter(isNamed));
}

function holdsPlaces({ shots }: Place, by: readonly Place[]): boolean {
  if (by.some((one) => one.shots === 'all')) return true;
  const ranges = by.flatMap((one) => (Array.isArray(one.shots) ? one.shots : []));
  return Array.isArray(shots) && shots.every((inner) => ranges.some((outer) => holdsRange(outer, inner)));
}
