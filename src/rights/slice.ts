import { type NamedFile, names } from './match.ts';
import type { Ledger } from './schema.ts';
import { concerns } from './scope.ts';

/** The rows that can matter to shots of one file: deciding on them alone gives the same decisions, sooner. */
export function sliceFor(
  ledger: Ledger,
  title: string,
  file: NamedFile,
  performers: readonly string[] = [],
): Ledger {
  const grants = ledger.grants.filter((grant) => grant.titles.includes(title));
  const appearances = ledger.appearances.filter((a) => a.title === title && names(a.file, file));
  const own = [...grants.map(({ grantor }) => grantor), ...appearances.map(({ party }) => party)];
  const people = new Set([...own, ...performers]);
  const restrictions = ledger.restrictions.filter((row) => concerns(row, title));
  const imposed = new Set(restrictions.map(({ id }) => id));
  const consents = ledger.consents.filter(({ party }) => people.has(party));
  const approvals = ledger.approvals.filter(({ restriction }) => imposed.has(restriction));
  const speakers = new Set([
    ...people,
    ...consents.map(({ givenBy }) => givenBy),
    ...restrictions.map(({ imposedBy }) => imposedBy),
    ...approvals.map(({ by }) => by),
  ]);
  const papers = new Set([...grants, ...consents, ...approvals].map(({ evidence }) => evidence?.agreement));
  return {
    version: 1,
    parties: ledger.parties.filter(({ id }) => speakers.has(id)),
    titles: ledger.titles.filter(({ id }) => id === title),
    agreements: ledger.agreements.filter(({ id }) => papers.has(id)),
    grants,
    restrictions,
    consents,
    appearances,
    casts: ledger.casts.filter((row) => row.title === title),
    policies: ledger.policies,
    materials: ledger.materials.filter((m) => m.title === title && names(m.file, file)),
    inventories: ledger.inventories.filter((row) => row.title === title),
    obligations: ledger.obligations.filter((row) => concerns(row, title)),
    approvals,
  };
}
