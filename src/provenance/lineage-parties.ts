import { basename } from 'node:path';
import { type Appearance, type Ledger, type LedgerTitle, sharesAt } from '../rights/index.ts';
import type { SnapshotSource } from './lineage-snapshot.ts';
import type { PartyLineage } from './schema.ts';
import type { FileRow, ShotRow } from './store.ts';

/**
 * Who must agree and be paid for what a snapshot holds, as far as its ledger says: the owners of each title by
 * share when the snapshot was decided, those who granted, and every performer recorded in a shot that was trained on.
 */
export function concernedParties(source: SnapshotSource): PartyLineage[] {
  const { snapshot, ledger, files } = source;
  if (!snapshot || !ledger) return [];
  const masters = new Set(snapshot.titles.flatMap((title) => title.files.map((file) => file.sha256)));
  const used = files.filter((file) => masters.has(file.sha256));
  return ledger.titles
    .filter((title) => used.some((file) => isOf(title.files, file)))
    .map((title) => (snapshot.asOf ? { ...title, shares: sharesAt(title, snapshot.asOf) } : title))
    .flatMap((title) => [
      ...owners(ledger, title, snapshot.grants),
      ...otherGrantors(ledger, title, snapshot.grants),
      ...performers(ledger, title, used, source.shots),
    ]);
}

/** A ledger names a file by its base name or by the sha256 of its bytes. */
const isOf = (names: readonly string[], file: FileRow): boolean =>
  names.includes(basename(file.path)) || names.includes(file.sha256);

const nameOf = (ledger: Ledger, party: string): string =>
  ledger.parties.find(({ id }) => id === party)?.name ?? party;

type Grants = readonly string[] | null;

function owners(ledger: Ledger, title: LedgerTitle, grants: Grants): PartyLineage[] {
  return title.shares.map(({ party, share }) => {
    const standing = standingOf(ledger, title, party, grants);
    return {
      id: party,
      name: nameOf(ledger, party),
      title: title.id,
      role: 'owner',
      share,
      row: title.id,
      standing,
    };
  });
}

function standingOf(ledger: Ledger, title: LedgerTitle, party: string, grants: Grants): string {
  if (!grants) return 'by which grants it was cleared is not known here';
  const given = ledger.grants.filter(
    (g) => grants.includes(g.id) && g.grantor === party && g.titles.includes(title.id),
  );
  return given.length > 0
    ? `granted by ${given.map(({ id }) => id).join(', ')}`
    : 'no grant of this owner was used';
}

function otherGrantors(ledger: Ledger, title: LedgerTitle, grants: Grants): PartyLineage[] {
  const isOwner = (party: string) => title.shares.some((share) => share.party === party);
  return ledger.grants
    .filter((g) => grants?.includes(g.id) && g.titles.includes(title.id) && !isOwner(g.grantor))
    .map(({ id, grantor }) => ({
      ...{
        id: grantor,
        name: nameOf(ledger, grantor),
        title: title.id,
        role: 'grantor' as const,
        share: null,
      },
      ...{ row: id, standing: `granted by ${id}, owns no share of the title` },
    }));
}

function performers(ledger: Ledger, title: LedgerTitle, files: FileRow[], shots: ShotRow[]): PartyLineage[] {
  const seen = ledger.appearances.filter((a) => a.title === title.id && isSeen(a, files, shots));
  const rows = new Map(seen.map((appearance) => [appearance.party, appearance]));
  return [...rows.values()].map(({ id, party, status }) => ({
    ...{
      id: party,
      name: nameOf(ledger, party),
      title: title.id,
      role: 'performer' as const,
      share: null,
      row: id,
    },
    standing: `${status === 'proposed' ? 'appearance not confirmed; ' : ''}${consentOf(ledger, party, title.id)}`,
  }));
}

function consentOf(ledger: Ledger, party: string, title: string): string {
  const answers = ledger.consents.filter(
    (c) => c.party === party && (c.titles === 'all' || c.titles.includes(title)),
  );
  if (answers.length === 0) return 'no consent recorded';
  const words = answers.map(
    (c) => `consent ${c.id} ${c.answer}${c.withdrawn ? `, withdrawn ${c.withdrawn}` : ''}`,
  );
  return words.join('; ');
}

function isSeen(appearance: Appearance, files: FileRow[], shots: ShotRow[]): boolean {
  const reels = files.filter((file) => isOf([appearance.file], file));
  if (appearance.shots === 'all') return reels.length > 0;
  const ranges = appearance.shots;
  const own = shots.filter((shot) => reels.some((file) => file.id === shot.fileId));
  return own.some((shot) =>
    ranges.some((range) => startsBefore(range.in, shot) && endsAfter(range.out, shot)),
  );
}

type Point = number | string;

/** Timecodes of one file compare as text, once drop-frame's semicolon is read as a colon. */
const plain = (timecode: string): string => timecode.replace(';', ':');

const startsBefore = (start: Point, shot: ShotRow): boolean =>
  typeof start === 'number' ? start < shot.outFrame : plain(start) < plain(shot.outTimecode);

const endsAfter = (end: Point, shot: ShotRow): boolean =>
  typeof end === 'number' ? end > shot.inFrame : plain(end) > plain(shot.inTimecode);
