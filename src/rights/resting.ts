import { appearsIn, matchTitle, type NamedFile, names, type ShotSpan, titlesNaming } from './match.ts';
import type { Ledger, RevokeInput } from './schema.ts';
import { narrowerUses, type Use } from './uses.ts';

export type Target = Pick<RevokeInput, 'party' | 'grant' | 'consent' | 'title'>;

/** A catalogued film, by which its shots are known. */
type Named = NamedFile & { id: string };
/** Where a shot lies. */
export type ShotPlace = { id: string; fileId: string } & ShotSpan;

/**
 * Shots that rest on a ledger row, and their films by sha256, each with the row through which. `people`: parties whose
 * replica rests on it, seen or not. `uses`: what the row can
 * have permitted, with all that those include; null: anything.
 */
export interface Resting {
  shots: Map<string, string>;
  films: Map<string, string>;
  people: Map<string, string>;
  uses: readonly Use[] | null;
}

/**
 * The shots that a withdrawal concerns, by fact and not by decision: a shot that another grant still clears, or that
 * was refused already, rests on the row all the same.
 */
export function restingShots(
  ledger: Ledger,
  target: Target,
  files: readonly Named[],
  shots: readonly ShotPlace[],
): Resting {
  const fileOf = new Map(files.map((file) => [file.id, file]));
  const [titleOf, concerned] = [titlesOfFiles(ledger, files), rowsConcerned(ledger, target)];
  const titles = titlesOf(ledger, target);
  const whole = (own: readonly string[]) => own.map((title) => titles.get(title)).find(Boolean);
  const [found, films] = [new Map<string, string>(), new Map<string, string>()];
  for (const shot of shots) {
    const file = fileOf.get(shot.fileId);
    const own = titleOf.get(shot.fileId) ?? [];
    const row = whole(own) ?? (file && seenIn(concerned(own, file), file, shot));
    if (row) found.set(shot.id, row);
    if (row && file) films.set(file.sha256, row);
  }
  return { shots: found, films, people: replicasOf(ledger, target), uses: usesOf(ledger, target) };
}

/** The files whose shots can rest on the row: those of its titles, and those in which its people and materials are said to be seen. */
export function filesConcerned(ledger: Ledger, target: Target, files: readonly Named[]): string[] {
  const [titleOf, concerned] = [titlesOfFiles(ledger, files), rowsConcerned(ledger, target)];
  const titles = titlesOf(ledger, target);
  return files.flatMap((file) => {
    const own = titleOf.get(file.id) ?? [];
    if (own.some((title) => titles.has(title))) return [file.id];
    const { appearances, materials } = concerned(own, file);
    return appearances.length + materials.length > 0 ? [file.id] : [];
  });
}

/** The title of each file; where several name it, by whichever of its names, all: a withdrawal of each reaches it. */
function titlesOfFiles(ledger: Ledger, files: readonly Named[]): Map<string, readonly string[]> {
  return new Map(files.map((file) => [file.id, titlesNaming(matchTitle(ledger, file, files))]));
}

/**
 * Titles that are concerned whole: the one withdrawn, those of the grant, those that the party owns, granted or approved. A
 * licence for material concerns the shots in which that is seen.
 */
function titlesOf(ledger: Ledger, { title, grant, party }: Target): Map<string, string> {
  const granted = ledger.grants
    .filter((row) => !row.materials && (row.id === grant || row.grantor === party))
    .flatMap((row) => row.titles.map((id): [string, string] => [id, `grants/${row.id}`]));
  const owned = ledger.titles
    .filter(({ shares }) => party !== undefined && shares.some((share) => share.party === party))
    .map(({ id }): [string, string] => [id, `titles/${id}`]);
  const approved = (party === undefined ? [] : approvalsOf(ledger, party)).flatMap((row) =>
    row.titles.map((id): [string, string] => [id, `approvals/${row.id}`]),
  );
  const own: [string, string][] = title === undefined ? [] : [[title, `titles/${title}`]];
  return new Map([...approved, ...granted, ...owned, ...own]);
}

/** Rows that say what of the party is seen in a film: itself, or material that it licensed. */
interface Concerned {
  appearances: Ledger['appearances'];
  materials: Ledger['materials'];
}

/** The rows for a title and file, gathered once each: a library has more shots than files, and more rows than either. */
function rowsConcerned(
  ledger: Ledger,
  target: Target,
): (titles: readonly string[], file: Named) => Concerned {
  const seen = Map.groupBy(ledger.appearances, ({ party }) => party);
  const ours = ledger.grants.filter((row) => row.id === target.grant || row.grantor === target.party);
  const known = new Map<string, Concerned>();
  return (titles, file) => {
    const before = known.get(file.id);
    if (before) return before;
    const people = peopleOf(ledger, target, titles);
    const licensed = licensedBy(ours, titles);
    const rows = {
      appearances: people.flatMap((id) => seen.get(id) ?? []).filter((row) => names(row.file, file)),
      materials: ledger.materials.filter((row) => licensed.includes(row.id) && names(row.file, file)),
    };
    known.set(file.id, rows);
    return rows;
  };
}

/** What of the party, said or supposed, is in a shot. */
function seenIn({ appearances, materials }: Concerned, file: Named, span: ShotSpan): string | undefined {
  const seen = appearances.find((row) => appearsIn(row, file, span));
  if (seen) return `appearances/${seen.id}`;
  const thing = materials.find((row) => appearsIn(row, file, span));
  return thing && `materials/${thing.id}`;
}

/** Whose appearances are concerned: the party's and those for whom it consented, or of a consent's party where that is for the title. */
function peopleOf(ledger: Ledger, { party, consent }: Target, own: readonly string[]): string[] {
  const isFor = ({ titles }: Ledger['consents'][number]) =>
    titles === 'all' || own.some((title) => titles.includes(title));
  if (consent !== undefined)
    return ledger.consents.flatMap((row) => (row.id === consent && isFor(row) ? row.party : []));
  if (party === undefined) return [];
  const spokenFor = ledger.consents.flatMap((row) => (row.givenBy === party && isFor(row) ? row.party : []));
  return [...new Set([party, ...spokenFor])];
}

/** Performers that a training can have named: the party and those for whom it consented, or a consent's party. */
function replicasOf(ledger: Ledger, { party, consent }: Target): Map<string, string> {
  const own: [string, string][] = party === undefined ? [] : [[party, `parties/${party}`]];
  const agreed = ledger.consents
    .filter((row) =>
      consent === undefined ? row.givenBy === party && party !== undefined : row.id === consent,
    )
    .map((row): [string, string] => [row.party, `consents/${row.id}`]);
  return new Map([...agreed, ...own]);
}

/** Material that these grants license for one of the titles. */
const licensedBy = (grants: Ledger['grants'], own: readonly string[]): string[] =>
  grants
    .filter(({ titles }) => own.some((title) => titles.includes(title)))
    .flatMap((row) => row.materials ?? []);

/** What a party has approved, or somebody for it. */
const approvalsOf = ({ approvals, restrictions }: Ledger, party: string): Ledger['approvals'] => {
  const own = new Set(restrictions.filter(({ imposedBy }) => imposedBy === party).map(({ id }) => id));
  return approvals.filter(({ by, restriction }) => by === party || own.has(restriction));
};

function usesOf(ledger: Ledger, { grant, consent }: Target): readonly Use[] | null {
  const row =
    grant === undefined
      ? ledger.consents.find(({ id }) => id === consent)
      : ledger.grants.find(({ id }) => id === grant);
  return row === undefined || row.uses === 'all' ? null : [...new Set(row.uses.flatMap(narrowerUses))];
}
