import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { replacedIn } from './changes.ts';
import { type Beside, besideLast } from './last-said.ts';
import { liftedAgain } from './lifted-again.ts';
import { liftedPart, liftsOf } from './lifting.ts';
import { spanOf } from './moments.ts';
import { isMoment, type Problem, problem, type Row, type Section, sections, shown, textOf } from './raw.ts';
import { knownKeys, replacements } from './register-around.ts';
import { heldBy } from './replacing.ts';
import type { Ledger, Mapping } from './schema.ts';
import { type Successors, successorsIn } from './successors.ts';
import { saysOf, undoneBy } from './undoing.ts';

/** A row that says something against what it said before, in words. */
export type Against<R extends { row: Row } = { row: Row }> = R & {
  words: readonly string[];
  /** That a refusal is of a later day than it was. */
  later: readonly string[];
  was?: Row | undefined;
};

/**
 * What replaced rows say against something, and did not say when they were recorded last: a row that another has replaced does not come into force again, so that
 * nobody would hear it.
 * @param replaced rows that others have replaced once
 * @param held by a register, which says nothing of other fields; without it a row says all
 */
export async function saidAgainst<R extends { row: Row }>(
  db: Pick<Db, 'execute'>,
  of: Section,
  replaced: readonly R[],
  held?: ReadonlySet<string>,
): Promise<Against<R>[]> {
  const rows = replaced.map(({ row }) => row);
  const beside = await besideLast(db, of, rows, held);
  return beside.flatMap(({ row, was }, i) => {
    const [at, words, later] = [replaced[i], newlySaid(of, { row, was }), laterWords({ row, was })];
    const says = at !== undefined && words.length + later.length > 0;
    return says ? [{ ...at, row, was, words, later }] : [];
  });
}

/** An earlier version recorded what replaces a row, and not always the row: of that its withdrawal or refusal is new. */
function newlySaid(of: Section, { row, was }: Beside): string[] {
  const { withdrawn, answer, since: _, ...bound } = saysOf(of, row);
  const no = { ...(withdrawn === undefined ? {} : { withdrawn }), ...(answer ? { answer } : {}) };
  return missing(of, was === undefined ? no : { ...no, ...bound }, was ?? { id: row.id });
}

/** Who refuses the same on a later day refuses anew. */
function laterWords({ row, was }: Beside): string[] {
  const isRefused = row.answer === 'refused' && was?.answer === 'refused';
  const isLater = isMoment(row.on) && !(isMoment(was?.on) && spanOf(row.on).start <= spanOf(was.on).start);
  return isRefused && isLater ? [`on: ${shown(row.on)}`] : [];
}

/** What one row says of what another must, in words. */
const missing = (of: Section, said: ReturnType<typeof saysOf>, row: Row): string[] =>
  undoneBy(new Map([[`${of}/${row.id}`, said]]), of, [row]).map((words) =>
    words.slice(`${of}/${row.id}: `.length),
  );

/**
 * Of rows that say something against what they said those that nobody hears: what stands in their place does not say it, and was recorded before, or a consent lifts them that
 * did so before. Who replaces a row that is in force says both in the same breath.
 * @param rows of the section, those that say what they replace among them
 * @param before consents that lifted something before
 */
export async function unheardAmong(
  db: Db,
  of: Section,
  given: readonly Against[],
  rows: readonly Row[],
  before: readonly Row[],
): Promise<Problem[]> {
  if (given.length === 0) return [];
  const idOf = ({ row }: Against) => textOf(row.id) ?? '';
  const [out, successors, standing] = [
    replacedIn(of, rows),
    successorsIn(rows),
    await knownKeys(db, of, given.map(idOf)),
  ];
  const [lifted, lifts] = [liftsOf(before), liftsOf(rows.filter(({ id }) => !out.has(textOf(id) ?? '')))];
  const byId = new Map(rows.toReversed().map((row) => [textOf(row.id) ?? '', row]));
  return given.flatMap((one, i) => {
    const [id, by] = [idOf(one), successors(idOf(one))];
    const { since: _, ...said } = saysOf(of, one.row);
    const says = (row: Row | undefined) => row && missing(of, said, row).length === 0;
    const lifting = (out.has(id) ? [] : (lifts.get(id) ?? [])).filter((by) => lifted.get(id)?.includes(by));
    const deaf = lifting.filter((by) => isDeaf(of, one, byId.get(by) ?? {}));
    if (deaf.length > 0) return [liftedProblem([of, i], id, deaf, [...one.words, ...one.later].join(', '))];
    const isHeard = standing.has(id) || !out.has(id) || by.every((successor) => says(byId.get(successor)));
    return isHeard || one.words.length === 0 ? [] : [unheardProblem([of, i], id, by, one.words.join(', '))];
  });
}

/** Whether a consent that goes on permits some of what a refusal newly says, or was given nobody knows when. */
function isDeaf(of: Section, { row, was, later }: Against, consent: Row): boolean {
  const part = liftedPart(row, consent);
  if (part === null) return false;
  // What is refused of a day after the consent is decided so: that lifts nothing of it.
  if (isMoment(consent.on) && isMoment(row.on) && spanOf(consent.on).end < spanOf(row.on).start) return false;
  return newlySaid(of, { row: part, was }).length > 0 || (later.length > 0 && consent.on === undefined);
}

/** @param by rows that stand in its place */
const unheardProblem = (
  [of, i]: [Section, number],
  id: string,
  by: ReturnType<Successors>,
  found: string,
): Problem => {
  const those = by.map((one) => `${of}/${one}`).join(' and ');
  return problem(
    [of, i, 'id'],
    `what ${of}/${id} said when it was replaced: ${those} stands in its place, and goes on`,
    found,
    `Say it of ${those} too, or by a row of its own id; where it is settled since, leave the replaced row out, with the rows between the two.`,
  );
};

const liftedProblem = (at: [Section, number], id: string, by: readonly string[], found: string): Problem =>
  problem(
    [...at, 'id'],
    `what consents/${id} said when ${by.map((one) => `consents/${one}`).join(' and ')} lifted it, and goes on`,
    found,
    'Say it by a row of its own id beside this one: no consent lifts that before it says so.',
  );

/** Rows of a register that say something against what they said, of those that others have replaced once. */
export const againstIn = <R extends { row: Row }>(
  db: Db,
  rows: readonly R[],
  mapping: Mapping,
  replaced: ReadonlySet<string>,
): Promise<Against<R>[]> =>
  saidAgainst(
    db,
    mapping.section,
    rows.filter(({ row }) => replaced.has(textOf(row.id) ?? '')),
    heldBy(mapping),
  );

/**
 * A ledger file in which a row says no that another has replaced before, or lifted.
 * @throws BacklotError `ledger-invalid`
 */
export async function refuseUnheard(db: Db, file: Ledger, before: Ledger, where: string): Promise<void> {
  const problems: string[] = [];
  const lifted = liftsOf(before.consents);
  for (const of of sections) {
    const rows: readonly Row[] = file[of];
    const isAlone = rows.every(({ supersedes }) => supersedes === undefined);
    if (isAlone && (of !== 'consents' || lifted.size === 0)) continue;
    const replaced = (await replacements(db, of)).map(({ supersedes }) => supersedes);
    const ever = new Set([...replaced, ...(of === 'consents' ? lifted.keys() : [])]);
    const its = rows.filter(({ id }) => ever.has(textOf(id) ?? '')).map((row) => ({ row }));
    const given = await saidAgainst(db, of, its);
    for (const { path, expected, found, remedy } of await unheardAmong(db, of, given, rows, before.consents))
      problems.push(
        `${of}/${given[Number(path[1])]?.row.id}: expected ${expected}, found ${found}. ${remedy}`,
      );
  }
  for (const { path, expected, found, remedy } of await liftedAgain(db, file.consents))
    problems.push(
      `consents/${file.consents[Number(path[1])]?.id}: expected ${expected}, found ${found}. ${remedy}`,
    );
  if (problems.length > 0) throw unheard(where, problems);
}

const unheard = (where: string, problems: readonly string[]): BacklotError =>
  new BacklotError('ledger-invalid', {
    expected:
      'no withdrawal, refusal, ban or duty on a row that another has replaced, or that a consent lifts which was given before',
    where,
    found: problems.join('\n').replace(/\.$/, ''),
    remedy: 'Correct these rows and import the file again: nothing of it was imported.',
    problems,
  });
