import { asc, desc, eq } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { type AuditHead, headsOfThis, trueRoot } from './audit-head.ts';
import type { Context } from './context.ts';

const { provenanceAudit: audit } = tables;

type Kept = Pick<Context, 'db' | 'paths'>;
type Missed = { head: AuditHead; rows: number };

/**
 * How a workspace's audit log stands to what was kept of it outside: `unkept` where nothing was, as in a new workspace (0 rows) and in a copy
 * that came to this machine; `behind` where it does not hold the row that was kept. Two rows and one file are read, never the chain.
 */
export type AuditStanding = { is: 'unkept'; rows: number } | { is: 'reached' } | ({ is: 'behind' } & Missed);

/** @throws BacklotError `signature-invalid` */
export async function auditStanding({ db, paths }: Kept): Promise<AuditStanding> {
  const seqs = { seq: audit.seq, hash: audit.hash };
  const [first] = await db.select(seqs).from(audit).orderBy(asc(audit.seq)).limit(1);
  const [last] = await db.select(seqs).from(audit).orderBy(desc(audit.seq)).limit(1);
  if (!first || !last) return { is: 'unkept', rows: 0 };
  const heads = await headsOfThis({ first: first.hash, root: await trueRoot(paths.root) });
  for (const head of heads) {
    const [row] = await db.select(seqs).from(audit).where(eq(audit.seq, head.rows));
    if (row?.hash !== head.head) return { is: 'behind', head, rows: last.seq };
  }
  return heads.length === 0 ? { is: 'unkept', rows: last.seq } : { is: 'reached' };
}

/**
 * Before anything is permitted: a log that does not hold what was kept of it is that of an older copy, in which withdrawals are missing.
 * @throws BacklotError `audit-behind`, `signature-invalid`
 */
export async function refuseOlderLog(of: Kept): Promise<void> {
  const standing = await auditStanding(of);
  if (standing.is === 'behind') throw behind(standing);
}

const behind = ({ head, rows }: Missed): BacklotError =>
  new BacklotError('audit-behind', {
    expected: `an audit log that holds row ${head.rows} as it was kept beside the keys`,
    where: head.file,
    found: behindWords(head, rows),
    remedy: `${olderCopy} ${acceptWords(head)}`,
  });

const olderCopy =
  'It is an older copy of the workspace, or its log was changed: what was withdrawn, refused or retired since is not in it, so nothing is trained, drawn, signed or let out with it.';

/** What to do of a log that is behind: withdrawals are given again before it counts. */
export const acceptWords = ({ file }: Pick<AuditHead, 'file'>): string =>
  'Put the newer workspace back where there is one. If it is lost, and you have put back an older copy yourself: give the withdrawals that came after it again ' +
  `(\`backlot rights revoke\`; an exported log names them), then remove ${file}. From the next command on the log counts as it is`;

/** @param rows how many the log holds */
export const behindWords = (
  { rows: kept, at, root }: Pick<AuditHead, 'rows' | 'at' | 'root'>,
  rows: number,
): string =>
  `${kept} rows were kept of the log in ${root} at ${at}, and it ${rows < kept ? `ends after ${rows}` : 'holds another row there'}`;

/** What a person is to know before anything is done; null where the log holds what was kept of it, or is empty. */
export function standingWords(standing: AuditStanding): string | null {
  if (standing.is === 'behind')
    return `${behindWords(standing.head, standing.rows)}. ${olderCopy} ${acceptWords(standing.head)}.`;
  if (standing.is === 'reached' || standing.rows === 0) return null;
  return `Nothing beside the keys of this machine says how far the audit log had come, which has ${standing.rows} rows: were this an older copy of the workspace, with withdrawals missing, it would not be seen. From now on it is kept.`;
}
