import { spanOf } from './moments.ts';
import { type Problem, problem, rowsOf } from './raw.ts';
import { type Grant, grantSchema } from './schema.ts';
import { unnamedTrainers } from './scope.ts';

interface Placed {
  grant: Grant;
  i: number;
}

/**
 * An owner who permits something to one alone cannot permit it to another: two exclusive grants that meet, or
 * an exclusive one and one to somebody else.
 */
export function exclusiveProblems(raw: unknown): Problem[] {
  const rows = rowsOf(raw, 'grants');
  if (!rows.some(({ exclusive }) => exclusive === true)) return [];
  const replaced = new Set(rows.map(({ supersedes }) => supersedes));
  const grants = rows
    .map((row, i) => ({ grant: grantSchema.safeParse(row).data, i }))
    .filter((row): row is Placed => row.grant !== undefined && !replaced.has(row.grant.id));
  const meeting = Map.groupBy(
    grants.filter(({ grant }) => grant.withdrawn === undefined).flatMap(byTitle),
    ({ place }) => place,
  );
  return [...meeting.values()].flatMap(conflictsIn);
}

const byTitle = (placed: Placed) =>
  placed.grant.titles.map((title, j) => ({
    ...placed,
    j,
    place: JSON.stringify([placed.grant.grantor, title, placed.grant.materials?.toSorted()]),
  }));

const conflictsIn = (rows: readonly (Placed & { j: number })[]): Problem[] =>
  rows
    .filter(({ grant }) => grant.exclusive)
    .flatMap(({ grant: sole }) =>
      rows
        .filter(({ grant }) => grant.id !== sole.id && contradicts(sole, grant))
        .map(({ grant, i, j }) =>
          problem(
            ['grants', i, 'titles', j],
            `nothing that ${sole.grantor} permits by the exclusive grant "${sole.id}"`,
            `the same permitted by "${grant.id}"`,
            'Narrow, withdraw or supersede one of the two.',
          ),
        ),
    );

const contradicts = (sole: Grant, other: Grant): boolean =>
  (other.exclusive ? sole.id < other.id : sole.grantee !== other.grantee) && meet(sole, other);

const meet = (a: Grant, b: Grant): boolean =>
  share(a.uses, b.uses) &&
  (a.territories.includes('world') ||
    b.territories.includes('world') ||
    share(a.territories, b.territories)) &&
  (!a.models || !b.models || share(a.models, b.models)) &&
  share(a.trainers ?? unnamedTrainers, b.trainers ?? unnamedTrainers) &&
  (!a.outputs || !b.outputs || share(a.outputs, b.outputs)) &&
  !endsBeforeBegins(a, b) &&
  !endsBeforeBegins(b, a);

const share = <T>(a: readonly T[], b: readonly T[]): boolean => a.some((value) => b.includes(value));

const endsBeforeBegins = ({ until }: Grant, { from }: Grant): boolean =>
  until !== undefined && from !== undefined && spanOf(until).end < spanOf(from).start;
