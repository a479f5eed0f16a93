import { type NamedFile, names } from './match.ts';
import type { Ledger } from './schema.ts';

/** The rows that can matter to shots of one file: deciding on them alone gives the same decisions, sooner. */
export function sliceFor(
  ledger: Ledger,
  title: string,
  file: NamedFile,
  performers: readonly string[] = [],
): Ledger {
  const rows = rowsIn(ledger);
  const grants = rows.grants(title);
  const appearances = rows.appearances(title).filter((a) => names(a.file, file));
  const own = [...grants.map(({ grantor }) => grantor), ...appearances.map(({ party }) => party)];
  const people = new Set([...own, ...performers]);
  const restrictions = rows.restrictions(title);
  const consents = [...people].flatMap(rows.consents);
  const approvals = restrictions.flatMap(({ id }) => rows.approvals(id));
  const speakers = new Set([
    ...people,
    ...consents.flatMap(({ givenBy }) => givenBy ?? []),
    ...restrictions.flatMap(({ imposedBy }) => imposedBy ?? []),
    ...approvals.map(({ by }) => by),
  ]);
  const papers = new Set(
    [...grants, ...consents, ...approvals].flatMap(({ evidence }) => evidence?.agreement ?? []),
  );
  return {
    version: 1,
    ...{ titles: rows.titles(title), policies: ledger.policies, obligations: rows.obligations(title) },
    ...{ grants, restrictions, consents, approvals, appearances },
    ...{ casts: rows.casts(title), inventories: rows.inventories(title) },
    materials: rows.materials(title).filter((m) => names(m.file, file)),
    parties: [...speakers].flatMap(rows.parties),
    agreements: [...papers].flatMap(rows.agreements),
  };
}

/** Asked of every file of a library with the same ledger: to look through all rows for each took as long as there are of both. */
const known = new WeakMap<Ledger, Rows>();

function rowsIn(ledger: Ledger): Rows {
  const rows = known.get(ledger) ?? indexed(ledger);
  known.set(ledger, rows);
  return rows;
}

type Rows = ReturnType<typeof indexed>;

/** Rows by the title, the party, the restriction or the id that they are looked up by. */
const indexed = (ledger: Ledger) => ({
  parties: byKeys(ledger.parties, idOf),
  titles: byKeys(ledger.titles, idOf),
  agreements: byKeys(ledger.agreements, idOf),
  grants: byKeys(ledger.grants, ({ titles }) => titles),
  restrictions: byTitles(ledger.restrictions),
  obligations: byTitles(ledger.obligations),
  consents: byKeys(ledger.consents, ({ party }) => [party]),
  approvals: byKeys(ledger.approvals, ({ restriction }) => [restriction]),
  appearances: byKeys(ledger.appearances, titleOf),
  casts: byKeys(ledger.casts, titleOf),
  materials: byKeys(ledger.materials, titleOf),
  inventories: byKeys(ledger.inventories, titleOf),
});

const idOf = ({ id }: { id: string }): string[] => [id];
const titleOf = ({ title }: { title: string }): string[] => [title];

function byKeys<T>(rows: readonly T[], keysOf: (row: T) => readonly string[]): (key: string) => T[] {
  const found = new Map<string, T[]>();
  for (const row of rows)
    for (const key of new Set(keysOf(row))) {
      const own = found.get(key);
      if (own) own.push(row);
      else found.set(key, [row]);
    }
  return (key) => found.get(key) ?? [];
}

/** Rows about all titles are about each. */
function byTitles<T extends { titles: 'all' | readonly string[] }>(
  rows: readonly T[],
): (title: string) => T[] {
  const all = rows.filter(({ titles }) => titles === 'all');
  const own = byKeys(rows, ({ titles }) => (titles === 'all' ? [] : titles));
  return (title) => [...all, ...own(title)];
}
