import { replacedIn } from './changes.ts';
import type { NamedFile } from './match.ts';
import type { Appearance, Ledger, LedgerTitle, Material } from './schema.ts';
import { concerns } from './scope.ts';
import { type Place, seenAmong, spotsIn } from './seen-places.ts';
import { successorsIn } from './successors.ts';

/** A ledger file beside the ledger in force. */
export interface Beside {
  file: Ledger;
  /** The file without the rows that others in it replace. */
  stands: Ledger;
  inForce: Ledger;
  /** The catalogued films: one row may name a film by its name and another by its sha256. */
  films: readonly NamedFile[];
  /** Withdrawn titles as they were recorded last, in force or not. */
  withdrawn: readonly LedgerTitle[];
}

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
  const [replaced, ids] = [replacedIn('appearances', file.appearances), idsOf(stands.appearances)];
  const spots = spotsIn({ stands, films });
  const isSeen = seenAmong(stands.appearances, ({ party }) => party, spots);
  const [forbids, isForbidden] = [whoForbids(inForce), forbiddenBy(file, stands)];
  const isGone = (row: Appearance): boolean => {
    if (forbids(row)) return !isSeen(row, isForbidden(row));
    if (replaced.has(row.id)) return false;
    // What replaced a mistake stays: else an older file, which holds both, would replace it once more.
    if (isReplacing(row) && !ids.has(row.id)) return true;
    // Who may be seen there as well as be confirmed under the row's own id is still waited for.
    return !isSeen(row, ({ id, status }) => id === row.id || status === row.status || isProposed(status));
  };
  const told = (row: Appearance) =>
    forbids(row) ? forbiddenWords(row) : wordsOf('appearances', named(row, spots.titleFor(row)));
  return inForce.appearances.filter(isGone).map(told);
}

/** Whether a row goes on saying where somebody is seen who refused or withdrew. Where the film is another title's by now, who refused must refuse for that one. */
function forbiddenBy(file: Ledger, stands: Ledger): (row: Appearance) => (now: Appearance) => boolean {
  const [forbidsNow, successors] = [whoForbids(stands), successorsIn(file.titles)];
  return (row) => {
    const standing = new Set(successors(row.title));
    return (now) =>
      now.status === 'confirmed' && (standing.has(now.title) || forbidsNow({ ...row, title: now.title }));
  };
}

/** The row as it has to stand in the file: under the title that its film has there. */
const named = <P extends Place>(row: P, title: string): P => ({ ...row, title });

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
  const replaced = replacedIn('materials', file.materials);
  const there = new Map(stands.materials.map((row) => [row.id, row]));
  const spots = spotsIn({ stands, films });
  const isSeen = seenAmong(stands.materials, ({ id }) => id, spots);
  const isGone = (row: Material): boolean => {
    if (replaced.has(row.id)) return false;
    const now = there.get(row.id);
    return now === undefined || isOfAnother(row, now) || !isSeen(row, () => true);
  };
  return inForce.materials.filter(isGone).map((row) => wordsOf('materials', named(row, spots.titleFor(row))));
}

/** That nobody knew the owner, or knows any more, permits nothing. */
const isOfAnother = (before: Material, now: Material): boolean =>
  before.owner !== undefined && now.owner !== undefined && before.owner !== now.owner;

function policiesLeftOut({ file, stands, inForce }: Beside): string[] {
  const said = ({ cast, materials, house }: Ledger['policies'][number]) =>
    JSON.stringify({ cast, materials, house });
  const [replaced, ids] = [replacedIn('policies', file.policies), idsOf(stands.policies)];
  const there = new Set(stands.policies.map(said));
  return inForce.policies
    .filter(
      (row) => !replaced.has(row.id) && (!there.has(said(row)) || (isReplacing(row) && !ids.has(row.id))),
    )
    .map((row) => wordsOf('policies', row));
}

const idsOf = (rows: readonly { id: string }[]): Set<string> => new Set(rows.map(({ id }) => id));

const isReplacing = (row: { supersedes?: string | undefined; shots?: unknown }): boolean =>
  row.supersedes !== undefined || row.shots === 'none';

/** The row as it has to stand in the file. */
const wordsOf = (section: string, row: { id: string }): string =>
  `${section}/${row.id}: ${JSON.stringify(row)}`;
