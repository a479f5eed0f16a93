import { listFiles } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { filmSpans, knownCopies, shotPlaces } from '../shots/index.ts';
import type { Asked } from './ask.ts';
import { decideHoldings, type PlacedHoldings } from './bulk.ts';
import { withAlike } from './copies.ts';
import { filmsBetween } from './films-between.ts';
import { ledgersSince } from './ledgers-since.ts';
import { matchTitle, type NamedFile, namedOf } from './match.ts';
import type { Ledger, ShotDecision } from './schema.ts';
import { asStated } from './stated-store.ts';

/** A shot that a ledger refuses and the one before it allowed. */
export interface RefusedSince {
  shotId: string;
  /** The row of the reason that counts. */
  row: string;
  message: string;
  /** Of the ledger or, where that names none for the film or two, of the one before it, which allowed the shot. */
  title: string;
  /** Whose refusal the row is; null: it is none. A refusal is not withdrawn. */
  refusedBy: string | null;
}

/** What an import newly refuses is asked of this. */
export interface RefusedBetween {
  /** The shots whose answers may differ: of no other one is anything to be asked. */
  shots: ReadonlySet<string>;
  /** Their films, by sha256. */
  films: ReadonlySet<string>;
  /** Which of some shots the ledger in force refuses that the one before allowed. */
  ask: (shots: readonly string[], asked: Asked) => RefusedSince[];
}

/**
 * What the ledger in force refuses that the one before another allowed: whatever it is that has changed. Rows are read once, and only
 * shots are decided of films of which some row has changed that can matter to them, and shots that show the same.
 * @param performers all of whom will be asked
 */
export async function refusedSince(
  { db }: Pick<Context, 'db'>,
  ledger: string,
  performers: readonly string[],
): Promise<RefusedBetween> {
  const found = await ledgersSince(db, ledger);
  if (!found) return { shots: new Set(), films: new Set(), ask: () => [] };
  const files = await listFiles(db);
  const [before, now] = [await stated(db, found.before), await stated(db, found.now)];
  const touched = filmsBetween({ files, before, now, performers });
  const holdings = await holdingsOfFilms(db, { ledger: now, files }, touched);
  const own = new Set(holdings.shots.map(({ fileId }) => fileId));
  return {
    shots: new Set(holdings.shots.map(({ id }) => id)),
    films: new Set(files.filter(({ id }) => own.has(id)).map(({ sha256 }) => sha256)),
    ask: (shots, asked) => refusedAmong(shots, asked, holdings, before),
  };
}

type Held = NonNullable<PlacedHoldings['ledger']>;

const stated = async (db: Context['db'], { id, document }: Held): Promise<Held> => ({
  id,
  document: await asStated(db, document),
});

/** The films with their shots, all that show the same and the films of those. */
async function holdingsOfFilms(
  db: Context['db'],
  held: Pick<PlacedHoldings, 'ledger' | 'files'>,
  films: ReadonlySet<string>,
): Promise<PlacedHoldings> {
  const pairs = films.size === 0 ? [] : await knownCopies(db);
  const first = await shotPlaces(db, { files: films });
  const own = first.map(({ id }) => id);
  const alike = withAlike(own, pairs);
  const shots = alike.size === own.length ? first : await shotPlaces(db, { shots: alike });
  const spans = await filmSpans(db, new Set(shots.map(({ fileId }) => fileId)));
  return { ...held, shots, films: spans, copies: pairs.filter(([one]) => alike.has(one)) };
}

function refusedAmong(
  shots: readonly string[],
  asked: Asked,
  holdings: PlacedHoldings,
  before: Held,
): RefusedSince[] {
  const [wanted, around] = [new Set(shots), withAlike(shots, holdings.copies)];
  const decided = { ...holdings, shots: holdings.shots.filter(({ id }) => around.has(id)) };
  const isRefused = ({ shotId, outcome }: ShotDecision) => outcome !== 'ALLOW' && wanted.has(shotId);
  const refused = decideHoldings(decided, asked).filter(isRefused);
  if (refused.length === 0) return [];
  const then = decideHoldings({ ...decided, ledger: before }, asked);
  const allowed = new Set(then.flatMap(({ shotId, outcome }) => (outcome === 'ALLOW' ? [shotId] : [])));
  const titleOf = titles(holdings.files, [holdings.ledger?.document, before.document]);
  const parties = new Map(
    (holdings.ledger?.document.consents ?? []).flatMap(({ id, party, answer }) =>
      answer === 'refused' ? [[`consents/${id}`, party]] : [],
    ),
  );
  return refused
    .filter(({ shotId }) => allowed.has(shotId))
    .map((one) => told(one, titleOf, (row) => parties.get(row) ?? null));
}

function told(
  { shotId, fileId, reasons: [first] }: ShotDecision,
  titleOf: (file: string) => string,
  partyOf: (row: string) => string | null,
): RefusedSince {
  const { row = 'titles', message = 'nobody can say' } = first ?? {};
  return { shotId, row, message, title: titleOf(fileId), refusedBy: partyOf(row) };
}

function titles(files: PlacedHoldings['files'], ledgers: readonly (Ledger | undefined)[]) {
  const named = files.map(namedOf);
  const namedById = new Map(files.map(({ id }, i) => [id, named[i]]));
  const titleIn = (ledger: Ledger | undefined, file: NamedFile) => {
    const match = ledger && matchTitle(ledger, file, named);
    return match && 'title' in match ? [match.title] : [];
  };
  return (id: string): string => {
    const file = namedById.get(id);
    const [title] = file ? ledgers.flatMap((ledger) => titleIn(ledger, file)) : [];
    return title ?? id;
  };
}
