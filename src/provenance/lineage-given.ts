import { type Take as GivenTake, type TakeFile, takesOfFiles } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import {
  appearsIn,
  type Ledger,
  type LedgerTitle,
  ledgerById,
  type NamedFile,
  namedOf,
  names,
  sharesAt,
} from '../rights/index.ts';
import { apart, titleNaming } from './film-named.ts';
import { reasonsOf } from './given-store.ts';
import { consentOf, nameOf } from './lineage-parties.ts';
import type { Lineage, PartyLineage } from './schema.ts';
import { filmsShown, readFiles, readLedgerIdsAt, type ShotRow, spanOf, type Take } from './store.ts';
import { partOf } from './words.ts';

type Db = Context['db'];
type Reference = Lineage['references'][number];

/** A film of the catalogue that a take was given, whole or in a picture of a shot of it, with what the ledger in force then said of it. */
interface GivenFilm {
  take: string;
  role: string;
  /** Of what was given: of the film itself, or of the picture. */
  sha256: string;
  file: NamedFile;
  shot: ShotRow | null;
  ledger: Ledger | null;
  title: LedgerTitle | null;
}

export interface Given {
  references: Reference[];
  parties: PartyLineage[];
  gaps: string[];
}

/**
 * What a take was given, and takes that were given to it in turn: of takes and films of the catalogue, and of pictures that Backlot cut out of those, it is known whose they are, of
 * another file nothing is. Statements count films so too, by the ledger of the day on which the take was made.
 * @param behind the takes whose files it was given, and those that were given to them
 */
export async function givenOf(
  db: Db,
  take: Take,
  own: readonly Reference[],
  behind: readonly GivenTake[],
): Promise<Given> {
  const at = take.madeAt.toISOString();
  const films = own.length === 0 ? [] : await filmsGiven(db, take, own, behind);
  const references = own.map((one) => ({ ...one, ...filmPart(films, one.sha256) }));
  const known = await knownOf(
    db,
    own.map(({ sha256 }) => sha256),
  );
  return {
    references,
    parties: films.flatMap((film) => partiesOf(film, at)),
    gaps: references.map(gapOf(known)),
  };
}

async function filmsGiven(
  db: Db,
  take: Take,
  own: readonly Reference[],
  behind: readonly GivenTake[],
): Promise<GivenFilm[]> {
  const given = new Map<string, { take: string; role: string }>();
  for (const { id, brief } of behind)
    for (const { sha256, role } of brief.references) given.set(sha256, { take: id, role });
  for (const { sha256, role } of own) given.set(sha256, { take: take.id, role });
  const films = await filmsShown(db, [...given.keys()]);
  if (films.length === 0) return [];
  const [id] = (await readLedgerIdsAt(db, [take.madeAt])).values();
  const ledger = id === undefined ? null : ((await ledgerById(db, id))?.document ?? null);
  const named = apart(await readFiles(db));
  const files = [...named.values()];
  return films.map(({ sha256, film, shot }) => {
    const file = named.get(film.id) ?? namedOf(film);
    const title = (ledger && titleNaming(ledger, file, files)) ?? null;
    return { take: take.id, role: '', ...given.get(sha256), sha256, file, shot, ledger, title };
  });
}

function filmPart(films: readonly GivenFilm[], sha256: string): Pick<Reference, 'film'> {
  const film = films.find((one) => one.sha256 === sha256);
  if (!film) return {};
  const { file, title, shot } = film;
  return { film: { file: file.name, title: title?.id ?? null, ...(shot ? { shot: shot.id } : {}) } };
}

/** The owners of the film's title when the take was made, and whoever is said to be seen anywhere in the film, or in the shot that the picture is of. */
function partiesOf({ ledger, title, file, take, role, shot }: GivenFilm, at: string): PartyLineage[] {
  if (!ledger || !title) return [];
  const given = `${shot ? partOf(shot.id, role) : ''}${file.name} was given to take ${take}`;
  const seen = ledger.appearances.filter(
    (row) => row.title === title.id && (shot ? appearsIn(row, file, spanOf(shot)) : isSeenIn(row, file)),
  );
  return [
    ...sharesAt(title, at).map(({ party, share }) => ({
      ...{ id: party, name: nameOf(ledger, party), title: title.id, role: 'owner' as const, share },
      ...{ row: title.id, standing: given },
    })),
    ...[...new Map(seen.map((row) => [row.party, row])).values()].map(({ id, party, status }) => ({
      ...{ id: party, name: nameOf(ledger, party), title: title.id, role: 'performer' as const },
      ...{ share: null, row: id, basis: ['seen' as const] },
      standing: [
        shot ? given : `${given}, which of its frames is not recorded`,
        ...(status === 'proposed' ? ['appearance not confirmed'] : []),
        consentOf(ledger, party, title.id),
      ].join('; '),
    })),
  ];
}

const isSeenIn = ({ file, shots }: Ledger['appearances'][number], film: NamedFile): boolean =>
  shots !== 'none' && names(file, film);

interface Known {
  takes: TakeFile[];
  /** Why a file could not be compared with takes, by sha256. */
  reasons: ReadonlyMap<string, string>;
}

const knownOf = async (db: Db, files: readonly string[]): Promise<Known> => ({
  takes: (await takesOfFiles(db, files)).sort((a, b) => (a.id < b.id ? -1 : 1)),
  reasons: await reasonsOf(db, files),
});

/** A film of the catalogue, or what was cut out of a shot of one. */
const shownWords = ({ file, shot }: NonNullable<Reference['film']>, role: string): string =>
  `${shot === undefined ? '' : partOf(shot, role)}${file} of the catalogue`;

const framesWords = ({ shot }: NonNullable<Reference['film']>): string =>
  shot === undefined ? '; which of its frames is not recorded' : '';

/** A given file is part of the take. */
const gapOf =
  ({ takes, reasons }: Known) =>
  ({ role, name, sha256, film }: Reference): string => {
    const given = `The ${role} "${name}" was given by the brief`;
    const shown = film && shownWords(film, role);
    if (film?.title)
      return `${given}: it is ${shown}, a film of the title ${film.title}${framesWords(film)}.`;
    const own = takes.filter((take) => take.sha256 === sha256);
    const exact = own.find(({ by }) => by === 'bytes');
    const stand = 'whose models and what they learned from stand here too';
    if (exact) return `${given}: it is of take ${exact.id}, ${stand}.`;
    const ids = own.map(({ id }) => id).join(' and of take ');
    if (own.length > 0) return `${given}: by what it shows it is a copy of take ${ids}, ${stand}.`;
    const reason = reasons.get(sha256);
    const why = reason === undefined ? '' : `; it could not be compared with takes (${reason})`;
    const what = shown ? `${given}: it is ${shown}, and` : `${given}:`;
    return `${what} who owns it and whether it may be used is not known here${why}.`;
  };
