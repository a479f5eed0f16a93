import type { z } from 'zod';
import { signerWords } from './key-words.ts';
import {
  type AuditReport,
  type AuditVerified,
  type CutOutput,
  type Lineage,
  type Open,
  originWords,
  type PartyLineage,
  type showOutputSchema,
  type WithdrawnItem,
} from './schema.ts';

/** A lineage in lines, from the take back to the people. */
export function lineageWords({
  lineage,
  judged,
  signed,
  withdrawn,
}: z.infer<typeof showOutputSchema>): string {
  const { take } = lineage;
  return [
    `Take ${take.id}: candidate ${take.candidate} of brief ${take.brief}, seed ${take.seed}`,
    `  ${take.removed === undefined ? `"${take.text}"` : removedWords(take.removed)}`,
    ...withdrawn.map((item) => withdrawnWords(item)),
    signed ? signedWords(signed, take.removed !== undefined) : 'Not signed yet',
    ...(take.engine ? [`Made by engine ${take.engine}`] : []),
    ...judged.map(
      ({ person, verdict, givenAt }) => `Judged ${verdict} by ${person}, ${givenAt.slice(0, 10)}`,
    ),
    ...lineage.references.map(({ role, name, sha256 }) => `Given as ${role}: ${name} sha256 ${sha256}`),
    ...lineage.models.flatMap((m) => [
      `${m.kind === 'base' ? 'Base' : 'Model'} ${m.name} (${m.kind}${m.weight === null ? '' : `, weight ${m.weight}`}) sha256 ${m.sha256}`,
      ...(m.origin ? [`  ${originWords(m.origin)}`] : []),
    ]),
    ...lineage.snapshots.flatMap(snapshotWords),
    ...lineage.parties.map(partyWords),
    ...lineage.gaps.map((gap) => `Not known: ${gap}`),
    ...(lineage.parties.length > 0
      ? ['Whom it concerns is what the ledger says. This is not legal advice.']
      : []),
  ].join('\n');
}

/** @param gone whether the signed file was removed with its words */
const signedWords = (
  {
    signedAt,
    state,
    signedPath,
    signedSha256,
  }: { signedAt: string; state: string; signedPath: string; signedSha256: string },
  gone: boolean,
): string =>
  gone
    ? `Signed ${signedAt}; the signed file (sha256 ${signedSha256}) held these words and is removed`
    : `Signed ${signedAt}, read back as ${state}: ${signedPath}`;

const removedWords = (sha256: string): string =>
  `Its words were a caption of what was withdrawn, and are removed (sha256 ${sha256})`;

function snapshotWords(snapshot: Lineage['snapshots'][number]): string[] {
  const rights = `ledger ${snapshot.ledgerId ?? 'none'} as of ${snapshot.asOf ?? 'unknown'}, use ${snapshot.use ?? 'unknown'} in ${snapshot.territory ?? 'unknown'}`;
  return [
    `Dataset ${snapshot.id} (${rights})`,
    ...snapshot.titles.map((t) => `  ${t.name}: ${t.clips} clips of ${t.shots.length} shots`),
    `  grants: ${grantWords(snapshot.grants)}`,
    ...(snapshot.decisions ? [`  decisions: sha256 ${snapshot.decisions}`] : []),
  ];
}

/** @param name of the title that the row is of, where it is one */
export const withdrawnWords = ({ kind, id, row, at }: WithdrawnItem, name?: string): string =>
  `WITHDRAWN: ${row}${name === undefined ? '' : ` (${name})`}, withdrawn ${at.slice(0, 10)}, has reached ${kind} ${id}; it is blocked.`;

/** @param grants null: what said so was removed */
export const grantWords = (grants: readonly string[] | null): string =>
  grants ? grants.join(', ') || 'none' : 'not known here';

/** What was cut out of a shot, and given. @param role in which the brief gave it */
export const partOf = (shot: string, role: string): string =>
  `a ${role === 'video' ? 'video' : 'picture'} of shot ${shot} of `;

const partyWords = (party: PartyLineage): string =>
  `Concerns ${party.name}, ${party.role}${party.share ? ` of ${party.share}` : ''} of ${party.title}: ${party.standing}`;

/** The audit log in lines: the verdict first, then the newest rows. */
export function auditWords({ rows, intact, broken, head, listed, kept, earlier }: AuditReport): string {
  const verdict = intact
    ? `The audit log is intact: ${rows} rows, head ${head}`
    : `The audit log is BROKEN at row ${broken?.seq}: ${broken?.reason}`;
  return [
    verdict,
    ...keptWords({ kept, earlier }),
    ...listed.map(
      (row) =>
        `${row.seq}  ${row.at}  ${row.who}${row.origin ? `@${row.origin}` : ''}  ${row.what}  ${row.subject}`,
    ),
  ].join('\n');
}

/** Whether an audit log is as it was written. */
export function auditVerifiedWords({
  of,
  rows,
  intact,
  broken,
  head,
  signedBy,
  compared,
  kept,
  earlier,
}: AuditVerified): string {
  const further = signedBy === null ? keptWords({ kept, earlier }) : [];
  if (!intact) return [`${of} is BROKEN at row ${broken?.seq}: ${broken?.reason}`, ...further].join('\n');
  const signature = signedBy ? `, ${signerWords(signedBy)}` : '';
  const against = compared === null ? '' : `; the log still begins with its ${compared} rows`;
  return [`${of} is intact: ${rows} rows, head ${head}${signature}${against}`, ...further].join('\n');
}

/** What a log was measured by outside the workspace. */
const keptWords = ({ kept, earlier }: Pick<AuditReport, 'kept' | 'earlier'>): string[] => [
  kept
    ? `Measured by ${kept.file}: ${kept.rows} rows at ${kept.at}`
    : 'no head of it is kept on this machine: rows cut off its end would not be seen',
  ...earlier.map(
    ({ rows, at, file, acknowledged }) =>
      `another log lay in this folder, of ${rows} rows at ${at} (${file}): ${acknowledged === null ? 'this one is not its continuation' : `row ${acknowledged} of this one acknowledges that`}`,
  ),
];

/** A take of a cut that could not be drawn today. */
export const openWords = ({ take, why }: Open): string =>
  `Open: take ${take} could not be drawn as the ledger is now (${why})`;

export const cutWords = ({ to, takes, frames, open, notice }: CutOutput): string =>
  [`${to}: ${takes.length} takes, ${frames} frames`, ...open.map(openWords), notice].join('\n');
