import { replacedIn } from './changes.ts';
import { bareId } from './identifiers.ts';
import { liftProblems } from './lift-problems.ts';
import { papersIn } from './papers.ts';
import {
  isRow,
  listOf,
  type Problem,
  problem,
  type RecordedRows,
  type Row,
  rowsOf,
  type Section,
  sections,
  shown,
  textOf,
} from './raw.ts';
import { granteeProblems, subjectProblems } from './subject-problems.ts';

/** Two parties, or two titles, that carry one public identifier are one, or one of them is mistaken. */
export const identifierProblems = (raw: unknown): Problem[] =>
  (['parties', 'titles'] as const).flatMap((section) => {
    const seen = new Map<string, string>();
    const rows = rowsOf(raw, section);
    const replaced = replacedIn(section, rows);
    return rows.flatMap((row, i) =>
      (replaced.has(textOf(row.id) ?? '') ? [] : listOf(row.ids)).flatMap((given, j) => {
        if (!isRow(given) || textOf(given.value) === undefined) return [];
        const id = `${given.scheme} ${shown(given.value)}`;
        const bare = `${given.scheme} ${bareId(String(given.scheme), String(given.value))}`;
        const first = seen.get(bare);
        seen.set(bare, first ?? `${section}/${textOf(row.id) ?? i}`);
        if (first === undefined) return [];
        return problem(
          [section, i, 'ids', j],
          'an identifier of one row only',
          `${id}, which ${first} has`,
          `Correct it, or make one row of the two.`,
        );
      }),
    );
  });

/**
 * A row that replaces one which is not there, is about something else, or, followed on, replaces itself.
 * @param around the document, or what stands beside rows of a register
 */
export const replacementProblems = (
  raw: unknown,
  recorded: RecordedRows = new Map(),
  around: unknown = raw,
): Problem[] => {
  const house = statedHouse(around);
  const replacing = sections.flatMap((section) => {
    const rows = rowsOf(raw, section);
    const next = new Map(rows.map((row) => [textOf(row.id), textOf(row.supersedes)]));
    const byId = new Map(rows.map((row) => [textOf(row.id), row]));
    return rows.flatMap((row, i) => {
      const old = textOf(row.supersedes);
      if (old === undefined) return [];
      const path = [section, i, 'supersedes'];
      const before = recorded.get(`${section}/${old}`);
      const replaced = withdrawnBy(byId.get(old), said(before) ?? byId.get(old) ?? before);
      if (!replaced) {
        const remedy = 'Keep the replaced row in the file, or correct the id.';
        return [problem(path, `the id of one of the ${section}`, shown(old), remedy)];
      }
      if (!comesBack(next, textOf(row.id)))
        return aboutOther(
          [section, i],
          row,
          {
            old: replaced,
            versions: [byId.get(old), before],
            now: recorded.get(`${section}/${textOf(row.id)}`),
          },
          house,
        );
      const remedy = 'Remove supersedes from one of them.';
      return [problem(path, 'replacements without a circle', `${shown(row.id)} again at the end`, remedy)];
    });
  });
  const consents = rowsOf(raw, 'consents');
  return [...replacing, ...liftProblems(consents, recorded, papersIn(around))];
};

/** Of a row that went out of force before, nothing but its id may be known. What was recorded counts before what a file says of the old row: nobody asks that file about a row that is no longer in force. */
const said = (row: Row | undefined): Row | undefined =>
  row !== undefined && Object.keys(row).length > 1 ? row : undefined;

/** A row that another names in `supersedes`, that as it is written and as it was recorded, and that other one as it is in force. */
interface Replaced {
  old: Row;
  versions: readonly (Row | undefined)[];
  now: Row | undefined;
}

function aboutOther(
  [section, i]: [Section, number],
  row: Row,
  { old, versions, now }: Replaced,
  house: string | undefined,
): Problem[] {
  if (said(old) === undefined) return [];
  const problems = subjectProblems(section, i, row, old);
  // What replaced it before it was called a refusal goes on: that nobody would hear it is told of the old row.
  const isBefore = now?.supersedes === row.supersedes && said(versions[1]) === undefined;
  const isRefusal = section === 'consents' && !isBefore && versions.some((one) => one?.answer === 'refused');
  if (isRefusal && row.answer === 'given' && problems.length === 0) return [insteadOfLifts(i, row)];
  return [...problems, ...granteeProblems([section, i], row, old, house)];
}

/** A refusal goes out of force by no consent. */
const insteadOfLifts = (i: number, { lifts, supersedes: no }: Row): Problem =>
  problem(
    ['consents', i, 'supersedes'],
    'a consent, or nothing: a refusal stays in force, and a consent lifts it for what it permits by itself',
    `the refusal ${shown(no)}`,
    `Write lifts: [${[...new Set([...listOf(lifts), no])].join(', ')}] in place of supersedes; where that was refused after this was given, remove supersedes.`,
  );

/** What was recorded of a row, with the withdrawal that a file writes on it in the same breath. */
const withdrawnBy = (written: Row | undefined, old: Row | undefined): Row | undefined =>
  written?.withdrawn === undefined ? old : { ...old, withdrawn: written.withdrawn };

function comesBack(next: ReadonlyMap<string | undefined, string | undefined>, start: string | undefined) {
  const seen = new Set<string | undefined>();
  for (let at = next.get(start); at !== undefined && !seen.has(at); at = next.get(at)) {
    if (at === start) return true;
    seen.add(at);
  }
  return false;
}

/** One workspace is run by one house: two policies, of which none replaces the other, name the same. */
export function houseProblems(raw: unknown): Problem[] {
  const stated = housesIn(raw);
  const [first] = stated;
  return stated
    .filter(({ house }) => house !== first?.house)
    .map(({ house, i }) =>
      problem(
        ['policies', i, 'house'],
        'one house',
        `${shown(house)} beside ${shown(first?.house)}`,
        'Remove one of the two, or let it supersede the other.',
      ),
    );
}

/** Who runs the workspace, as far as the document says it. */
export const statedHouse = (raw: unknown): string | undefined => housesIn(raw)[0]?.house;

function housesIn(raw: unknown): { house: string; i: number }[] {
  const rows = rowsOf(raw, 'policies');
  const replaced = new Set(rows.map(({ supersedes }) => supersedes));
  return rows.flatMap((row, i) => {
    const house = textOf(row.house);
    return house === undefined || replaced.has(row.id) ? [] : [{ house, i }];
  });
}

/** The clauses of each agreement, by id, with the page that it names. */
type Clauses = ReadonlyMap<unknown, ReadonlyMap<unknown, unknown>>;

/** Evidence names an agreement of the ledger and, where it names one, a clause of it, on the page that the agreement says. */
export function evidenceProblems(raw: unknown, section: Section): Problem[] {
  const clauses = new Map(
    rowsOf(raw, 'agreements').map((row) => [
      row.id,
      new Map(listOf(row.clauses).flatMap((one) => (isRow(one) ? [[one.id, one.page] as const] : []))),
    ]),
  );
  return rowsOf(raw, section).flatMap((row, i) =>
    evidenceIn(row).flatMap(([given, ...place]) => evidenceProblem(given, clauses, [section, i, ...place])),
  );
}

/** What a row says of documents, each with its place: of itself, of its fulfilment, of the steps of a chain of title. */
const evidenceIn = (row: Row): [unknown, ...(string | number)[]][] => [
  [row.evidence, 'evidence'],
  [row.fulfilled, 'fulfilled'],
  ...listOf(row.chain).map((step, i): [unknown, ...(string | number)[]] => [
    isRow(step) ? step.evidence : undefined,
    ...['chain', i, 'evidence'],
  ]),
];

function evidenceProblem(evidence: unknown, clauses: Clauses, path: Problem['path']): Problem[] {
  if (!isRow(evidence) || textOf(evidence.agreement) === undefined) return [];
  const known = clauses.get(evidence.agreement);
  if (!known) {
    const expected = 'the id of one of the agreements';
    return [problem([...path, 'agreement'], expected, shown(evidence.agreement), 'Add it to agreements.')];
  }
  if (textOf(evidence.clause) === undefined) return [];
  if (known.has(evidence.clause)) return pageProblem(evidence, known.get(evidence.clause), path);
  const expected = `a clause of ${textOf(evidence.agreement)}`;
  return [problem([...path, 'clause'], expected, shown(evidence.clause), 'Add it to its clauses.')];
}

/** A clause and the page of another one do not say where it is written. */
function pageProblem({ agreement, clause, page }: Row, known: unknown, path: Problem['path']): Problem[] {
  if (typeof known !== 'number' || typeof page !== 'number' || page === known) return [];
  const expected = `page ${known}, as ${textOf(agreement)} says of ${textOf(clause)}`;
  const remedy = 'Correct one of the two, or leave the page out: the clause says it.';
  return [problem([...path, 'page'], expected, shown(page), remedy)];
}
