import { type NamedFile, names } from './match.ts';
import type { Ledger } from './schema.ts';

/** The rows that can matter to shots of one file: deciding on them alone gives the same decisions, sooner. */
export function sliceFor(ledger: Ledger, title: string, file: NamedFile): Ledger {
  const grants = ledger.grants.filter((grant) => grant.titles.includes(title));
  const appearances = ledger.appearances.filter((a) => a.title === title && names(a.file, file));
  const people = new Set([...grants.map(({ grantor }) => grantor), ...appearances.map(({ party }) => party)]);
  return {
    version: 1,
    parties: ledger.parties.filter(({ id }) => people.has(id)),
    titles: ledger.titles.filter(({ id }) => id === title),
    grants,
    restrictions: ledger.restrictions.filter((row) => row.titles === 'all' || row.titles.includes(title)),
    consents: ledger.consents.filter(({ party }) => people.has(party)),
    appearances,
  };
}
