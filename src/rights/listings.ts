import type { Ask } from './ask.ts';
import { holdsShot, type NamedFile, type ShotSpan } from './match.ts';
import { beginsAfter, isWithdrawn } from './moments.ts';
import type { Assumption, Ledger, LedgerTitle, Listing, Policy, Reason } from './schema.ts';

/** What a list can be of. */
export const listed = ['cast', 'materials'] as const;
export type Listed = (typeof listed)[number];

/** The section in which somebody says that the list is complete. */
export const listingSections = { cast: 'casts', materials: 'inventories' } as const;

export const listingsOf = (ledger: Ledger, what: Listed): readonly Listing[] => ledger[listingSections[what]];

/** Whether the row speaks of its whole title. */
export const isWhole = ({ file, shots }: Listing): boolean => file === undefined && shots === undefined;

/** Whether the row speaks of all of the shot, which is of its title. Under another name of the film that may be other bytes. */
export const speaksOf = (row: Listing, { name, sha256 }: NamedFile, shot: ShotSpan): boolean =>
  isWhole(row) || holdsShot({ file: row.file ?? '', shots: row.shots ?? 'all' }, { name, sha256 }, shot);

/** For all of the moment: what is said within a day is not said for the whole of it. */
const counts = (row: Listing, { at }: Ask): boolean =>
  !beginsAfter({ from: row.on }, at) && !isWithdrawn(row, at);

/** Whether the studio asks that somebody says of each title that the list is complete. */
export const asksFor = (policies: readonly Policy[], what: Listed): boolean =>
  policies.some((policy) => policy[what] === 'stated');

interface Unstated {
  assumptions: Assumption[];
  reasons: Reason[];
}

/**
 * That nobody and nothing but what is listed is in a shot is assumed where nobody has said so; where the studio asks that
 * somebody does, the shot waits.
 * @param here rows of each list that are of the shot
 */
export function unstatedOf(
  title: LedgerTitle,
  { file, ...shot }: ShotSpan & { file: NamedFile },
  ledger: Ledger,
  here: Record<Listed, readonly unknown[]>,
  ask: Ask,
): Unstated {
  const isSaid = (row: Listing) => row.title === title.id && counts(row, ask) && speaksOf(row, file, shot);
  const open = listed.filter((what) => !listingsOf(ledger, what).some(isSaid));
  const facts = open.map((what) => {
    const fact = { row: `titles/${title.id}`, message: words[what](title.name, here[what].length > 0) };
    return { ...fact, what, asked: asksFor(ledger.policies, what), name: `${what}_not_stated` as const };
  });
  const of = (asked: boolean) => facts.filter((fact) => fact.asked === asked);
  return {
    assumptions: of(false).map(({ name, row, message }) => ({ assumption: name, row, message })),
    reasons: of(true).map(({ name, row, message }) => ({ rule: name, row, message })),
  };
}

const words: Record<Listed, (name: string, some: boolean) => string> = {
  cast: (name, some) =>
    `the cast of ${name} is not stated to be complete: ${some ? 'who else is seen is not known' : 'nobody is listed as seen here'}`,
  materials: (name, some) =>
    `what of others is in ${name} is not stated to be complete: ${some ? 'what else is here is not known' : 'nothing is listed here'}`,
};
