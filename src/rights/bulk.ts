import { type CatalogFile, listFiles } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { knownCopies, listShots, type Shot, type ShotPlace, spansOf } from '../shots/index.ts';
import { type Asked, isNamed, readAsk } from './ask.ts';
import { type Pair, withCopies } from './copies.ts';
import { decider } from './decide.ts';
import { markedOf, withMarks } from './marks.ts';
import { matchTitle, type NamedFile, namedOf, type ShotSpan, type TitleMatch } from './match.ts';
import { ruleVersion } from './rule-version.ts';
import { type Ledger, ledgerSchema, notLegalAdvice, type ShotDecision } from './schema.ts';
import { sliceFor } from './slice.ts';
import { asStated } from './stated-store.ts';
import { currentLedger, newestRecording, recordDecisions } from './store.ts';
import { outputOf } from './uses.ts';

/** What is decided about: the ledger in force, the catalogued files and their shots. */
export interface Holdings {
  /** Id and document of the ledger; null where none was imported. */
  ledger: { id: string; document: Ledger } | null;
  files: CatalogFile[];
  shots: Shot[];
  /** From the first shot of each film to the last, by the file's id. */
  films: ReadonlyMap<string, ShotSpan>;
  /** Shots that show the same, as far as they were looked for. */
  copies: readonly Pair[];
}

export async function holdingsOf({ db }: Pick<Context, 'db'>): Promise<Holdings> {
  const current = await currentLedger(db);
  const ledger = current && { id: current.id, document: await asStated(db, current.document) };
  const [files, shots] = [await listFiles(db), await listShots(db)];
  return { ledger, files, shots, films: spansOf(shots), copies: await knownCopies(db) };
}

/**
 * Decides every shot of the workspace, in the order of `listShots`, and keeps the decisions, but for those about
 * performers: kept ones are told apart by what was asked without a person's name.
 */
export async function decideShots(
  context: Pick<Context, 'db'>,
  asked: Omit<Asked, 'territory'> & { territory?: string },
): Promise<ShotDecision[]> {
  const holdings = await holdingsOf(context);
  const ask = { territory: 'world', ...asked };
  const decisions = decideHoldings(holdings, ask);
  const by = { ...readAsk(ask), ruleVersion, ledgerId: holdings.ledger?.id ?? 'none' };
  if (!isNamed(ask)) await recordDecisions(context.db, by, decisions);
  return decisions;
}

/** Every decision, and by what it was decided. */
export async function decideAsked(context: Pick<Context, 'db'>, ask: Asked) {
  const ledger = await newestRecording(context.db);
  return { ...basisOf({ ledger }, ask), decisions: await decideShots(context, ask) };
}

/** Holdings of which no more is known of a shot than where it lies. */
export type PlacedHoldings = Omit<Holdings, 'shots'> & { shots: readonly ShotPlace[] };

export function decideHoldings(holdings: PlacedHoldings, ask: Asked): ShotDecision[] {
  const { files, shots, films, copies } = holdings;
  const named = files.map(namedOf);
  const ledger = ledgerOf(holdings);
  const used = new Set(shots.map(({ fileId }) => fileId));
  const known = new Map(
    files
      .filter(({ id }) => used.has(id))
      .map((file) => [file.id, questionBase(ledger, namedOf(file), named, ask.performers)]),
  );
  const decideOne = decider(ask);
  const alone = shots.map((shot) => {
    const base = known.get(shot.fileId) ?? lost;
    const film = films.get(shot.fileId);
    return {
      shotId: shot.id,
      fileId: shot.fileId,
      ...decideOne({ ...base, film, shot: { ...shot, file: base.file } }),
    };
  });
  return withCopies(alone, copies);
}

/** What is decided by: the ledger in force, and what the files say about themselves. */
export const ledgerOf = ({ ledger, files }: Pick<Holdings, 'ledger' | 'files'>): Ledger | undefined =>
  ledger
    ? withMarks(
        ledger.document,
        files.map((file) => markedOf(namedOf(file), file)),
      )
    : undefined;

interface Base {
  title: TitleMatch;
  ledger: Ledger;
  file: NamedFile;
}

/** By what was decided, as every answer of this stage says it. */
export function basisOf({ ledger }: { ledger: { id: string } | null }, asked: Asked) {
  const { model, trainer, territory, asOf } = readAsk(asked);
  const { use } = asked;
  const output = asked.output ?? outputOf(use) ?? null;
  const performers = [...(asked.performers ?? [])];
  const by = { ledger: ledger?.id ?? null, ruleVersion };
  return { notice: notLegalAdvice, ...by, use, model, trainer, output, performers, territory, asOf };
}

export const noLedger: Ledger = ledgerSchema.parse({ version: 1 });

/** A shot whose file is no longer catalogued. */
const lost: Base = {
  title: { unknown: 'the file of the shot is not catalogued' },
  ledger: noLedger,
  file: { name: '', sha256: '' },
};

/** What of the ledger a file's shots are decided by. */
export function questionBase(
  ledger: Ledger | undefined,
  file: NamedFile,
  files: readonly NamedFile[],
  performers: readonly string[] | undefined,
): Base {
  if (!ledger) return { title: { unknown: 'no rights ledger is imported' }, ledger: noLedger, file };
  const title = matchTitle(ledger, file, files);
  return { title, ledger: 'title' in title ? sliceFor(ledger, title.title, file, performers) : ledger, file };
}
