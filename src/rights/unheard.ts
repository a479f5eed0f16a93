import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { replacedIn } from './changes.ts';
import { type Problem, problem, type Row, type Section, sections, textOf } from './raw.ts';
import { knownKeys } from './register-around.ts';
import { heldBy, keeping } from './replacing.ts';
import type { Ledger, Mapping } from './schema.ts';
import { lastContents } from './store.ts';
import { successorsIn } from './successors.ts';
import { saysOf, undoneBy } from './undoing.ts';

type Reader = Pick<Db, 'selectDistinctOn' | 'execute'>;

/**
 * What replaced rows say against something, and did not say when they were replaced: a row that another has replaced is not recorded again, so that nobody
 * would hear it. Of a row that is in force still, whoever replaces it says so in the same breath.
 * @param rows replaced by others
 * @param held by a register, which says nothing of other fields; without it a row says all
 * @returns by id what is new, in words
 */
async function unheardIn(
  db: Reader,
  of: Section,
  rows: readonly Row[],
  held?: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const now = new Map(rows.map((row) => [textOf(row.id) ?? '', row]));
  const standing = await knownKeys(db as Db, of, [...now.keys()]);
  const gone = [...now.keys()].filter((id) => !standing.has(id));
  const last = gone.length === 0 ? [] : await lastContents(db, of, gone);
  const found = last.flatMap((was): [string, string][] => {
    const id = textOf(was.id) ?? '';
    const row = now.get(id) ?? {};
    const words = newlySaid(of, held ? keeping(row, was, held) : row, was);
    return words.length === 0 ? [] : [[id, words.join(', ')]];
  });
  return new Map(found);
}

const newlySaid = (of: Section, now: Row, was: Row): string[] =>
  undoneBy(new Map([[`${of}/${was.id}`, saysOf(of, now)]]), of, [was]).map((words) =>
    words.slice(`${of}/${was.id}: `.length),
  );

/**
 * The same of rows of a register, with the place of each among those given.
 * @param given rows that others have replaced once
 * @param speaking rows that say what they replace
 */
export async function unheardAmong(
  db: Reader,
  given: readonly { row: Row }[],
  speaking: readonly Row[],
  mapping: Mapping,
): Promise<Problem[]> {
  const { section: of } = mapping;
  const [out, successors] = [replacedIn(of, speaking), successorsIn(speaking)];
  const rows = given.map(({ row }) => row).filter(({ id }) => out.has(textOf(id) ?? ''));
  const found = await unheardIn(db, of, rows, heldBy(mapping));
  return given.flatMap(({ row }, i) => {
    const id = textOf(row.id) ?? '';
    const words = found.get(id);
    return words === undefined ? [] : [unheardProblem([of, i], id, successors(id), words)];
  });
}

/** @param by rows that stand in its place */
const unheardProblem = (
  [of, i]: [Section, number],
  id: string,
  by: readonly string[],
  found: string,
): Problem => {
  const those = by.map((one) => `${of}/${one}`).join(' and ');
  return problem(
    [of, i, 'id'],
    `what ${of}/${id} said when it was replaced: ${those} stands in its place, and goes on`,
    found,
    `Say it of ${those}, or by a row of its own id; where it is settled since, leave the replaced row out.`,
  );
};

/**
 * A ledger file in which a row says no that another has replaced before.
 * @throws BacklotError `ledger-invalid`
 */
export async function refuseUnheard(db: Reader, file: Ledger, where: string): Promise<void> {
  const problems: string[] = [];
  for (const of of sections) {
    const rows: readonly Row[] = file[of];
    const replaced = replacedIn(of, rows);
    if (replaced.size === 0) continue;
    const successors = successorsIn(rows);
    const its = rows.filter(({ id }) => replaced.has(textOf(id) ?? ''));
    for (const [id, words] of await unheardIn(db, of, its)) {
      const { expected, found, remedy } = unheardProblem([of, 0], id, successors(id), words);
      problems.push(`${of}/${id}: expected ${expected}, found ${found}. ${remedy}`);
    }
  }
  if (problems.length > 0) throw unheard(where, problems);
}

const unheard = (where: string, problems: readonly string[]): BacklotError =>
  new BacklotError('ledger-invalid', {
    expected: 'no withdrawal, refusal, ban or duty on a row that another has replaced',
    where,
    found: problems.join('\n').replace(/\.$/, ''),
    remedy: 'Correct these rows and import the file again: nothing of it was imported.',
    problems,
  });
