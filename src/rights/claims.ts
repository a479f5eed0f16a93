import { ever, type History, type Span, together, type Version } from './history.ts';
import { type NamedFile, plainName } from './match.ts';
import type { Ledger, RevokeInput } from './schema.ts';

export type Target = Pick<RevokeInput, 'party' | 'grant' | 'consent' | 'title'>;

/** A target by all ids that its row has had: one row may replace another of a different id. */
export type Targets = { [K in keyof Target]: readonly string[] };

/** A row by which something rests on the target, and while which. */
export type Claim = Span & { by: string };

/** What the ledger has said of a file that rests on the target: of all of it, and of where somebody or something is seen. */
interface Claims {
  whole: readonly Claim[];
  seen: readonly (Claim & { row: Place })[];
}

type Place = Ledger['appearances'][number] | Ledger['materials'][number];
type Title = Version<Ledger['titles'][number]>;

/** What rests on the target in each file, by every version of the ledger. What the target's rows say is gathered once: a library has more files. */
export function claimsOf(history: History, targets: Targets): (file: NamedFile) => Claims {
  const titlesOf = titlesEver(history);
  const titles = titlesConcerned(history, targets);
  const seen = seenOf(history, targets);
  return (file) => {
    const own = titlesOf(file);
    const whole = own.flatMap((title) =>
      (titles.get(title.row.id) ?? []).flatMap((one) => within(one, title)),
    );
    return { whole, seen: seen(file, own) };
  };
}

/** A claim as far as these were in force with it. */
function within<C extends Claim>(claim: C, ...others: readonly Span[]): C[] {
  const span = together(claim, ...others);
  return span ? [{ ...claim, ...span }] : [];
}

/**
 * The titles of a file as each version named it; where two do, both: a withdrawal of either reaches it. A file whose name others bear by
 * now was that of the title before.
 */
function titlesEver({ titles }: History): (file: NamedFile) => readonly Title[] {
  const naming = new Map<string, Set<Title>>();
  for (const title of titles)
    for (const name of title.row.files.map(plainName))
      naming.set(name, (naming.get(name) ?? new Set()).add(title));
  return (file) => [...new Set(writtenOf(file).flatMap((one) => [...(naming.get(one) ?? [])]))];
}

/** As what a row can name the file, each once. */
const writtenOf = ({ name, sha256, also = [] }: NamedFile): string[] => [
  ...new Set([sha256, ...[name, ...also].map(plainName)]),
];

const has = (ids: readonly string[] | undefined, id: string | undefined): boolean =>
  id !== undefined && (ids ?? []).includes(id);

/**
 * Titles that are concerned whole: the one withdrawn, those of the grant, those that the party owns, granted or approved. A
 * licence for material concerns the shots in which that is seen.
 */
function titlesConcerned(history: History, targets: Targets): Map<string, Claim[]> {
  const { title, grant, party } = targets;
  const own = history.titles.filter(
    ({ row }) => has(title, row.id) || row.shares.some((share) => has(party, share.party)),
  );
  const granted = history.grants.filter(
    ({ row }) => !row.materials && (has(grant, row.id) || has(party, row.grantor)),
  );
  const claims = [
    ...own.map(({ row: { id }, from, until }) => ({ id, by: `titles/${id}`, from, until })),
    ...granted.flatMap(({ row, from, until }) =>
      row.titles.map((id) => ({ id, by: `grants/${row.id}`, from, until })),
    ),
    ...approvedBy(history, party),
  ];
  return Map.groupBy(claims, ({ id }) => id);
}

/** Titles for which a party has approved something, or somebody for it. */
function approvedBy(
  { approvals, restrictions }: History,
  party: Targets['party'],
): (Claim & { id: string })[] {
  const own = restrictions.filter(({ row }) => has(party, row.imposedBy));
  return approvals.flatMap(({ row, from, until }) => {
    const bans = own.filter((ban) => ban.row.id === row.restriction);
    const claim = { by: `approvals/${row.id}`, from, until };
    const claims = has(party, row.by) ? [claim] : bans.flatMap((ban) => within(claim, ban));
    return claims.flatMap((one) => row.titles.map((id) => ({ ...one, id })));
  });
}

/** What of the party is seen in a file: itself, or material that it licensed. */
function seenOf(
  history: History,
  targets: Targets,
): (file: NamedFile, own: readonly Title[]) => Claims['seen'] {
  const people = byFile(history.appearances, ({ party }) => party);
  const things = byFile(history.materials, ({ id }) => id);
  const licences = history.grants.filter(
    ({ row }) => has(targets.grant, row.id) || has(targets.party, row.grantor),
  );
  return (file, own) => {
    const seen = peopleOf(history, targets, own).flatMap(({ party, ...span }) =>
      placesIn(file, people.get(party), 'appearances', span),
    );
    const licensed = licences.flatMap((licence) =>
      (licence.row.materials ?? []).flatMap((id) =>
        forTitles(licence, own).flatMap((span) => placesIn(file, things.get(id), 'materials', span)),
      ),
    );
    return [...seen, ...licensed];
  };
}

type Places = ReadonlyMap<string, readonly Version<Place>[]>;

/** Rows of each by the file that they name: to try each on every film took as long as there are of both. */
function byFile<P extends Place>(
  rows: readonly Version<P>[],
  ofWhom: (row: P) => string,
): ReadonlyMap<string, Places> {
  const groups = Map.groupBy(rows, ({ row }) => ofWhom(row));
  return new Map(
    [...groups].map(([id, own]) => [id, Map.groupBy(own, ({ row }) => plainName(row.file))] as const),
  );
}

const placesIn = (file: NamedFile, places: Places | undefined, section: string, span: Span) =>
  writtenOf(file)
    .flatMap((written) => places?.get(written) ?? [])
    .flatMap((version) => within({ ...version, by: `${section}/${version.row.id}` }, span));

/** While which a row was for one of these titles. */
const forTitles = <T extends { titles: readonly string[] | 'all' }>(
  version: Version<T>,
  own: readonly Title[],
): Span[] =>
  version.row.titles === 'all'
    ? [version]
    : own.flatMap((title) =>
        version.row.titles.includes(title.row.id) ? (together(version, title) ?? []) : [],
      );

/** Whose appearances are concerned: the party's and those for whom it consented, or of a consent's party where that is for the title. */
function peopleOf(
  { consents }: History,
  { party, consent }: Targets,
  own: readonly Title[],
): (Span & { party: string })[] {
  const agreed = consents
    .filter(({ row }) => has(consent, row.id) || has(party, row.givenBy))
    .flatMap((one) => forTitles(one, own).map(({ from, until }) => ({ party: one.row.party, from, until })));
  return [...(party ?? []).map((id) => ({ ...ever, party: id })), ...agreed];
}
