import { basename } from 'node:path';
import {
  appearsIn,
  type Ledger,
  matchTitle,
  narrowerUses,
  type RevokeInput,
  type Use,
} from '../rights/index.ts';
import type { FileRow, ShotRow } from './store.ts';

export type Target = Pick<RevokeInput, 'party' | 'grant' | 'consent' | 'title'>;

/**
 * Shots that rest on a ledger row, and their films by sha256, each with the row through which. `uses`: what the row can
 * have permitted, with all that those include; null: anything.
 */
export interface Resting {
  shots: Map<string, string>;
  films: Map<string, string>;
  uses: readonly Use[] | null;
}

/**
 * The shots that a withdrawal concerns, by fact and not by decision: a shot that another grant still clears, or that
 * was refused already, rests on the row all the same.
 */
export function restingShots(
  ledger: Ledger,
  target: Target,
  files: readonly FileRow[],
  shots: readonly ShotRow[],
): Resting {
  const named = files.map((file) => ({ id: file.id, name: basename(file.path), sha256: file.sha256 }));
  const titleOf = new Map(named.map((file) => [file.id, titleIn(ledger, file, named)]));
  const fileOf = new Map(named.map((file) => [file.id, file]));
  const titles = titlesOf(ledger, target);
  const [found, films] = [new Map<string, string>(), new Map<string, string>()];
  for (const shot of shots) {
    const file = fileOf.get(shot.fileId);
    const title = titleOf.get(shot.fileId) ?? null;
    const row = (title && titles.get(title)) ?? (file && seenIn(ledger, target, title, file, shot));
    if (row) found.set(shot.id, row);
    if (row && file) films.set(file.sha256, row);
  }
  return { shots: found, films, uses: usesOf(ledger, target) };
}

interface Named {
  id: string;
  name: string;
  sha256: string;
}

function titleIn(ledger: Ledger, file: Named, files: readonly Named[]): string | null {
  const match = matchTitle(ledger, file, files);
  return 'title' in match ? match.title : null;
}

/**
 * Titles that are concerned whole: the one withdrawn, those of the grant, those that the party owns or granted. A
 * licence for material concerns the shots in which that is seen.
 */
function titlesOf(ledger: Ledger, { title, grant, party }: Target): Map<string, string> {
  const granted = ledger.grants
    .filter((row) => !row.materials && (row.id === grant || row.grantor === party))
    .flatMap((row) => row.titles.map((id): [string, string] => [id, `grants/${row.id}`]));
  const owned = ledger.titles
    .filter(({ shares }) => party !== undefined && shares.some((share) => share.party === party))
    .map(({ id }): [string, string] => [id, `titles/${id}`]);
  const own: [string, string][] = title === undefined ? [] : [[title, `titles/${title}`]];
  return new Map([...granted, ...owned, ...own]);
}

/** What of the party, said or supposed, is in a shot: itself, or material that it licensed. */
function seenIn(
  ledger: Ledger,
  target: Target,
  title: string | null,
  file: Named,
  { inFrame, outFrame, inTimecode, outTimecode }: ShotRow,
): string | undefined {
  const span = { in: inFrame, out: outFrame, inTimecode, outTimecode };
  const person = personOf(ledger, target, title);
  const seen = ledger.appearances.find((row) => row.party === person && appearsIn(row, file, span));
  if (seen) return `appearances/${seen.id}`;
  const licensed = licensedBy(ledger, target, title);
  const thing = ledger.materials.find((row) => licensed.includes(row.id) && appearsIn(row, file, span));
  return thing && `materials/${thing.id}`;
}

/** Whose appearances are concerned: the party's, or of a consent's party where the consent is for the title. */
function personOf(ledger: Ledger, { party, consent }: Target, title: string | null): string | undefined {
  const given = ledger.consents.find(({ id }) => consent !== undefined && id === consent);
  if (given && given.titles !== 'all' && !given.titles.includes(title ?? '')) return undefined;
  return given?.party ?? party;
}

/** Material that the grant, or a grant of the party, licenses for the title. */
const licensedBy = (ledger: Ledger, { grant, party }: Target, title: string | null): string[] =>
  ledger.grants
    .filter((row) => row.id === grant || row.grantor === party)
    .filter((row) => title !== null && row.titles.includes(title))
    .flatMap((row) => row.materials ?? []);

function usesOf(ledger: Ledger, { grant, consent }: Target): readonly Use[] | null {
  const row =
    grant === undefined
      ? ledger.consents.find(({ id }) => id === consent)
      : ledger.grants.find(({ id }) => id === grant);
  return row === undefined || row.uses === 'all' ? null : [...new Set(row.uses.flatMap(narrowerUses))];
}
