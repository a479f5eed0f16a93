import { asc } from 'drizzle-orm';
import { type Db, tables } from '../../src/db/index.ts';

/** What the audit log says was done, oldest first. */
export async function actsIn(db: Db): Promise<{ who: string; what: string; subject: string }[]> {
  const { provenanceAudit: audit } = tables;
  const { who, what, subject } = audit;
  return db.select({ who, what, subject }).from(audit).orderBy(asc(audit.seq));
}
