import { basename } from 'node:path';
import { appearsIn, type Ledger, matchTitle, type RevokeInput, type Use } from '../rights/index.ts';
import type { FileRow, ShotRow } from './store.ts';

export type Target = Pick<RevokeInput, 'party' | 'grant' | 'consent' | 'title'>;

/** Shots that rest on a ledger row, each with the row through which; `uses` null: whatever they were used for. */
export interface Resting {
  shots: Map<string, string>;
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
  const found = new Map<string, string>();
  for (const shot of shots) {
    const file = fileOf.get(shot.fileId);
    const title = titleOf.get(shot.fileId) ?? null;
    const row = (title && titles.get(title)) ?? (file && appearanceOf(ledger, target, title, file, shot));
    if (row) found.set(shot.id, row);
  }
  return { shots: found, uses: usesOf(ledger, target) };
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

/** Titles that are concerned whole: the one withdrawn, those of the grant, those that the party owns or granted. */
function titlesOf(ledger: Ledger, { title, grant, party }: Target): Map<string, string> {
  const granted = ledger.grants
    .filter((row) => row.id === grant || row.grantor === party)
    .flatMap((row) => row.titles.map((id): [string, string] => [id, `grants/${row.id}`]));
  const owned = ledger.titles
    .filter(({ shares }) => party !== undefined && shares.some((share) => share.party === party))
    .map(({ id }): [string, string] => [id, `titles/${id}`]);
  const own: [string, string][] = title === undefined ? [] : [[title, `titles/${title}`]];
  return new Map([...granted, ...owned, ...own]);
}

/** The appearance, said or supposed, of the party in a shot, where the consent is for its title. */
function appearanceOf(
  ledger: Ledger,
  { party, consent }: Target,
  title: string | null,
  file: Named,
  { inFrame, outFrame, inTimecode, outTimecode }: ShotRow,
): string | undefined {
  const given = ledger.consents.find(({ id }) => consent !== undefined && id === consent);
  if (given && given.titles !== 'all' && !given.titles.includes(title ?? '')) return undefined;
  const person = given?.party ?? party;
  const span = { in: inFrame, out: outFrame, inTimecode, outTimecode };
  const seen = ledger.appearances.find((row) => row.party === person && appearsIn(row, file, span));
  return seen && `appearances/${seen.id}`;
}

function usesOf(ledger: Ledger, { grant, consent }: Target): readonly Use[] | null {
  const row =
    grant === undefined
      ? ledger.consents.find(({ id }) => id === consent)
      : ledger.grants.find(({ id }) => id === grant);
  return row === undefined || row.uses === 'all' ? null : row.uses;
}
