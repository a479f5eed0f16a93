import { targetsOf } from '../contract/index.ts';
import {
  type Appearance,
  appearsIn,
  type Ledger,
  type LedgerTitle,
  namedOf,
  names,
  sharesAt,
} from '../rights/index.ts';
import type { SnapshotSource } from './lineage-snapshot.ts';
import type { PartyLineage, SnapshotLineage } from './schema.ts';
import { type FileRow, type ShotRow, spanOf } from './store.ts';

/**
 * Who must agree and be paid for what a snapshot holds, as far as its ledger says: the owners of each title by
 * share when the snapshot was decided, those who granted, every performer recorded in a shot that was trained on, and every
 * performer for whom it was frozen, seen or not: of each title they were asked (ADR 0127).
 */
export function concernedParties(source: SnapshotSource): PartyLineage[] {
  const { snapshot, ledger, files } = source;
  if (!snapshot) return [];
  const masters = new Set(snapshot.titles.flatMap((title) => title.files.map((file) => file.sha256)));
  const used = files.filter((file) => masters.has(file.sha256));
  const titles = (ledger?.titles ?? []).filter((title) => used.some((file) => isOf(title.files, file)));
  if (!ledger || titles.length === 0)
    return targetsOf(snapshot).map((party) => targetedOf(snapshot, ledger, party));
  return titles
    .map((title) => (snapshot.asOf ? { ...title, shares: sharesAt(title, snapshot.asOf) } : title))
    .flatMap((title) => [
      ...owners(ledger, title, snapshot.grants),
      ...otherGrantors(ledger, title, snapshot.grants),
      ...performers(ledger, title, snapshot, seenIn(ledger, title, used, source.shots)),
    ]);
}

const isOf = (written: readonly string[], file: FileRow): boolean =>
  written.some((name) => names(name, namedOf(file)));

export const nameOf = (ledger: Ledger, party: string): string =>
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
  const given = grantsOf(ledger, title.id, party, grants);
  if (!given) return 'by which grants it was cleared is not known here';
  return given.length > 0 ? `granted by ${given.join(', ')}` : 'no grant of this owner was used';
}

/** A party's grants for a title among those that cleared clips; null: these are not known. */
export const grantsOf = (ledger: Ledger, title: string, party: string, grants: Grants): string[] | null =>
  grants &&
  ledger.grants
    .filter((g) => grants.includes(g.id) && g.grantor === party && g.titles.includes(title))
    .map(({ id }) => id);

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

/** The appearance by which each party is seen in the shots of a title. */
function seenIn(
  { appearances }: Ledger,
  title: LedgerTitle,
  files: FileRow[],
  shots: ShotRow[],
): Map<string, Appearance> {
  const seen = appearances.filter((a) => a.title === title.id && isSeen(a, files, shots));
  return new Map(seen.map((appearance) => [appearance.party, appearance]));
}

function performers(
  ledger: Ledger,
  title: LedgerTitle,
  snapshot: SnapshotLineage,
  seen: Map<string, Appearance>,
): PartyLineage[] {
  const targets = targetsOf(snapshot);
  const unseen = targets.filter((party) => !seen.has(party));
  return [
    ...[...seen.values()].map((appearance) => seenOf(ledger, appearance, snapshot)),
    ...unseen.map((party) => targetedOf(snapshot, ledger, party, title.id)),
  ];
}

function seenOf(ledger: Ledger, { id, party, title, status }: Appearance, snapshot: SnapshotLineage) {
  const isTarget = targetsOf(snapshot).includes(party);
  const standing = [
    ...(isTarget ? [targetedBy(snapshot)] : []),
    ...(status === 'proposed' ? ['appearance not confirmed'] : []),
    consentOf(ledger, party, title),
  ];
  return {
    ...{ id: party, name: nameOf(ledger, party), title, role: 'performer' as const, share: null, row: id },
    basis: isTarget ? ['seen' as const, 'targeted' as const] : ['seen' as const],
    standing: standing.join('; '),
  };
}

const targetedBy = ({ id }: SnapshotLineage): string => `targeted by dataset ${id}`;

/** @param title undefined: the snapshot's titles are not known */
function targetedOf(
  snapshot: SnapshotLineage,
  ledger: Ledger | null,
  party: string,
  title?: string,
): PartyLineage {
  const agreed = ledger && title !== undefined ? consentOf(ledger, party, title) : null;
  const standing = ledger?.parties.every(({ id }) => id !== party)
    ? 'no party of the ledger that it was decided by is called so'
    : (agreed ?? `whether ${party} agreed is not known here`);
  return {
    ...{ id: party, name: ledger ? nameOf(ledger, party) : party, title: title ?? snapshot.id },
    ...{ role: 'performer', share: null, row: party, basis: ['targeted'] },
    standing: `${targetedBy(snapshot)}, not recorded as seen; ${standing}`,
  };
}

export function consentOf(ledger: Ledger, party: string, title: string): string {
  const answers = ledger.consents.filter(
    (c) => c.party === party && (c.titles === 'all' || c.titles.includes(title)),
  );
  if (answers.length === 0) return 'no consent recorded';
  return answers.map((c) => `consent ${c.id} ${c.answer}${liftWords(c)}${goneWords(c)}`).join('; ');
}

type Consent = Ledger['consents'][number];

const goneWords = ({ withdrawn }: Consent): string => (withdrawn ? `, withdrawn ${withdrawn}` : '');

const liftWords = ({ lifts }: Consent): string =>
  lifts ? `, lifting ${lifts.join(', ')} for what it permits` : '';

function isSeen(appearance: Appearance, files: FileRow[], shots: ShotRow[]): boolean {
  const reels = files.filter((file) => isOf([appearance.file], file));
  if (appearance.shots === 'all') return reels.length > 0;
  return reels.some((file) => {
    const own = shots.filter((shot) => shot.fileId === file.id);
    return own.some((shot) => appearsIn(appearance, namedOf(file), spanOf(shot)));
  });
}
