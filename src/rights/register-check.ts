import { createHash } from 'node:crypto';
import type { Context } from '../jobs/index.ts';
import { replacedIn } from './changes.ts';
import { conflictProblem, exclusiveFinder } from './exclusive-problems.ts';
import { liftedAgain } from './lifted-again.ts';
import { relationProblems, rowProblems } from './problems.ts';
import { listOf, type Problem, problem, type Row, shown, textOf } from './raw.ts';
import { type Around, eachGrantOf, keysOf, knownKeys, soleKeys } from './register-around.ts';
import { type CsvBlock, csvBlocks, type Hears } from './register-csv.ts';
import { contradictedByPapers } from './register-papers.ts';
import { isFull, registerInvalid, type Told, tell, toldOf } from './register-problems.ts';
import { concerning, keysIn, relatedOf, spokenOf, untouched } from './register-related.ts';
import { type RegisterRow, type RowReader, refuseAbsent, rowReader } from './register-rows.ts';
import { contentsOfKeys, keptRows, rowsAgain, rowsOf } from './register-store.ts';
import { undoneRows } from './register-undone.ts';
import { replacedBefore } from './replaced-by.ts';
import { fieldChanges, heldBy, LISTED_CHANGES, leftOut, replacedBy, replacingProblem } from './replacing.ts';
import type { ChangedRow, LeftOut, Mapping } from './schema.ts';
import { refuseUndone, type StandingAmong } from './undoing.ts';
import { type Against, againstIn, unheardAmong } from './unheard.ts';

/** A register in which nothing is wrong. */
export interface Checked {
  /** Of its bytes. */
  sha256: string;
  rows: number;
  /** Ids that rows of the register or of the ledger replace. */
  replaced: Set<string>;
  /** What changes in rows in force: the first of them. */
  changed: ChangedRow[];
  /** Its rows that others replace. */
  leftOut: LeftOut['rows'];
}

/** A row of the register, or, without a line, of the ledger in force. */
type Placed = Omit<RegisterRow, 'line'> & { line?: number };

/** What is kept of a register while it is read: the id of each row, and the rows that speak of others. */
interface Reading {
  told: Told;
  broken: boolean;
  undone: string[];
  changed: ChangedRow[];
  lines: Map<string, number>;
  related: RegisterRow[];
  sole: Set<string>;
  /** Rows that say no though others have replaced them once. */
  replaced: Against<RegisterRow>[];
  reader: RowReader | null;
}

export interface Register {
  path: string;
  mapping: Mapping;
  around: Around;
  standing: StandingAmong;
  /** Whether a row may take the place of one in force. */
  replace: boolean;
}

/**
 * Reads a register through and looks at each row by itself, beside the ledger in force, and beside the others.
 * Nothing but its ids, rows that speak of others, and where something is permitted to one alone the grants of the same owners and titles, is held.
 * @throws BacklotError `ledger-unreadable`, `register-invalid` with the first problems in words and all listed,
 *   `ledger-undoes-withdrawal`
 */
export async function checkRegister(db: Context['db'], register: Register, hears: Hears): Promise<Checked> {
  const { path, mapping, around } = register;
  const hash = createHash('sha256');
  const reading: Reading = {
    ...{ told: toldOf([]), broken: false, undone: [], changed: [] },
    ...{ lines: new Map(), related: [], sole: new Set(around.sole), replaced: [], reader: null },
  };
  const hashes = (part: Buffer) => {
    hash.update(part);
    hears(part);
  };
  for await (const block of csvBlocks(path, hashes)) await readBlock(db, block, reading, register);
  // What rows say of each other is known where all could be read.
  if (reading.broken) throw registerInvalid(path, reading.told);
  await checkRelations(db, reading, register);
  await checkExclusive(db, reading, register);
  if (reading.told.count > 0) throw registerInvalid(path, reading.told);
  refuseUndone(reading.undone, [], path);
  const speaking: Row[] = [...reading.related.map(({ row }) => row), ...untouched(around.related, reading)];
  const direct = replacedIn(mapping.section, speaking);
  const isAgain = (id: string) => reading.lines.has(id) && !direct.has(id);
  speaking.push(...(await replacedBefore(db, mapping.section, isAgain)));
  const replaced = replacedIn(mapping.section, concerning(speaking, reading));
  const { replaced: once, lines, changed } = reading;
  const unheard = await unheardAmong(db, mapping.section, once, speaking, around.related);
  tellProblems(unheard, once, reading, mapping);
  if (reading.told.count > 0) throw registerInvalid(path, reading.told);
  const sha256 = hash.update(JSON.stringify(mapping)).digest('hex');
  const gone = leftOut(mapping.section, lines, speaking);
  return { sha256, rows: lines.size, replaced, changed, leftOut: gone };
}

async function readBlock(
  db: Context['db'],
  block: CsvBlock,
  reading: Reading,
  register: Register,
): Promise<void> {
  const { path, mapping } = register;
  if (reading.reader === null) refuseAbsent(block, mapping, path);
  reading.reader ??= rowReader(mapping, block.columns);
  const { reader, told } = reading;
  const whole = block.records.filter(reader.isWhole);
  const given = whole.map(reader.rowOf);
  const inForce = await contentsOfKeys(db, mapping.section, given.flatMap(keysIn));
  const rows = register.replace ? keptRows(given, inForce, mapping) : given;
  const byLine = new Map(rows.map(({ line, row }) => [line, row]));
  for (const record of block.records) {
    const row = byLine.get(record.line);
    tell(told, row === undefined ? [reader.cellsProblem(record)] : reader.problemsOf(record, row));
  }
  await compareRows(db, rows, inForce, reading, register);
  tell(told, block.broken);
  reading.broken ||= block.broken.length > 0 || whole.length < block.records.length;
}

/** Looks at rows beside each other and the ledger in force. */
async function compareRows(
  db: Context['db'],
  rows: readonly RegisterRow[],
  inForce: ReadonlyMap<string, Row>,
  reading: Reading,
  register: Register,
): Promise<void> {
  const { mapping, around } = register;
  const { section } = mapping;
  const twice = rows.flatMap((at, i) => note(at, reading, register, i));
  tellProblems(twice, rows, reading, mapping);
  reading.replaced.push(...(await againstIn(db, rows, mapping, around.replaced)));
  const undone = undoneRows(rows, inForce, register);
  reading.undone.push(...undone.flat());
  // Of a row that undoes a withdrawal that is told, which no option permits.
  const isUndone = (i: number) => undone[i]?.length !== 0;
  tellProblems(noteChanges(rows, inForce, reading, register, isUndone), rows, reading, mapping);
  // Parties speak of parties, which may stand further down.
  if (section !== 'parties') {
    const document = { ...around.document, [section]: rows.map(({ row }) => row) };
    tellProblems(rowProblems(document, section, around.ids), rows, reading, mapping);
  }
}

/** Keeps what changes in rows in force. @returns as problems those changes that nobody said are meant */
function noteChanges(
  rows: readonly RegisterRow[],
  inForce: ReadonlyMap<string, Row>,
  { changed }: Reading,
  { mapping, replace }: Register,
  isUndone: (i: number) => boolean,
): Problem[] {
  const [{ section }, held] = [mapping, heldBy(mapping)];
  return rows.flatMap(({ row }, i) => {
    const before = replacedBy(row, inForce);
    const id = textOf(row.id);
    const fields = before === undefined ? [] : fieldChanges(before, row);
    if (id === undefined || fields.length === 0) return [];
    if (changed.length < LISTED_CHANGES) changed.push({ row: `${section}/${id}`, fields });
    const own = inForce.get(id);
    const isMeant = replace || own === undefined || isUndone(i);
    return isMeant ? [] : [replacingProblem([section, i], row, own, held)];
  });
}

/** Keeps what later rows are compared with. @returns an id that another row has, as a problem of the block's row `i` */
function note({ line, row }: RegisterRow, reading: Reading, register: Register, i: number): Problem[] {
  const { mapping, around } = register;
  const id = textOf(row.id);
  const before = id === undefined ? undefined : reading.lines.get(id);
  if (id !== undefined && before === undefined) reading.lines.set(id, line);
  const told = relatedOf(row);
  if (told) reading.related.push({ line, row: told });
  for (const key of soleKeys([row], around.titles)) reading.sole.add(key);
  if (before === undefined) return [];
  const found = `${shown(id)}, which row ${before} has`;
  return [problem([mapping.section, i, 'id'], 'an id used once', found, 'Rename one of the two.')];
}

/** Problems in the words of the register where one of its rows is concerned, else of the ledger. */
function tellProblems(
  problems: readonly Problem[],
  rows: readonly Placed[],
  { told, reader }: Reading,
  { section }: Mapping,
): void {
  for (const problem of problems) {
    const [where, index, ...field] = problem.path;
    const at = where === section ? rows[Number(index)] : undefined;
    const place = `the ledger in force, ${[where, at?.row.id ?? index, ...field].join('.')}`;
    const { expected, found, remedy } = problem;
    tell(told, [
      reader && at?.line !== undefined
        ? reader.told({ ...at, line: at.line }, problem)
        : `${place}: expected ${expected}, found ${found}. ${remedy}`,
    ]);
  }
}

/** Rows that replace others, identifiers, and who represents whom: in the register and the ledger together. */
async function checkRelations(db: Context['db'], reading: Reading, register: Register): Promise<void> {
  const { mapping, around } = register;
  const { section } = mapping;
  // Those in force first: where two meet, the register's row is told.
  const speaking = [...untouched(around.related, reading).map((row) => ({ row })), ...reading.related];
  const spoken = spokenOf(speaking.map(({ row }) => row));
  const known = await knownKeys(db, section, [...spoken]);
  // What rows in force replaced went out of force with that.
  for (const id of spokenOf(around.related)) known.add(id);
  const standing = [...spoken].filter((id) => known.has(id) || reading.lines.has(id));
  const present = new Set(speaking.map(({ row }) => row.id));
  const inForce = await contentsOfKeys(db, section, standing);
  const absent = standing.filter((id) => !present.has(id));
  const rows = [...speaking, ...(await silentRows(db, absent, inForce, reading, register))];
  const document = { [section]: rows.map(({ row }) => row) };
  const placed = (row: Row): [string, Row] => [`${section}/${textOf(row.id)}`, row];
  const recorded = new Map([...around.related, ...inForce.values()].map(placed));
  const again = await liftedAgain(db, document[section] ?? []);
  tellProblems([...relationProblems(document, recorded, around.document), ...again], rows, reading, mapping);
  if (section === 'parties') checkParties(rows, reading, register);
}

/** Rows that others replace and that say nothing of others themselves, as the register says them anew; of those out of force nothing but the id is known. */
async function silentRows(
  db: Context['db'],
  ids: readonly string[],
  inForce: ReadonlyMap<string, Row>,
  { reader, lines }: Reading,
  register: Register,
): Promise<Placed[]> {
  if (reader === null) return [];
  const again = ids.filter((id) => lines.has(id));
  const said = await rowsAgain(db, again, reader, register);
  return ids.map((id) => ({ row: said.get(id) ?? inForce.get(id) ?? { id } }));
}

/** Who represents whom is known when all have been read; a consent in force may have been given by one who no longer does. */
function checkParties(rows: readonly Placed[], reading: Reading, { mapping, around }: Register): void {
  const ids = { ...around.ids, parties: new Set([...around.ids.parties, ...reading.lines.keys()]) };
  const present = new Set(rows.map(({ row }) => row.id));
  const consents = listOf(around.document.consents) as Row[];
  const concerned = consents.filter(({ party }) => reading.lines.has(textOf(party) ?? ''));
  const silent = [...new Set(concerned.map(({ party }) => party))].filter((id) => !present.has(id));
  const parties = [...rows.map(({ row }) => row), ...silent.map((id) => ({ id }))];
  const document = { ...around.document, parties, consents: concerned };
  tellProblems(rowProblems(document, 'parties', ids), rows, reading, mapping);
  for (const found of rowProblems(document, 'consents', ids)) {
    const consent = concerned[Number(found.path[1])];
    if (found.path[2] === 'givenBy' && consent) tellUnrepresented(consent, parties, reading);
    else tellProblems([found], rows, reading, mapping);
  }
}

/** The register's row no longer names who has consented for its party: that is where it can be corrected. */
function tellUnrepresented(
  { id, party, givenBy }: Row,
  parties: readonly Row[],
  { told, reader, lines }: Reading,
) {
  const at = parties.findIndex((row) => row.id === party);
  const row = parties[at] ?? {};
  const expected = `${shown(givenBy)}, who gave consents/${id} for it`;
  const remedy = 'Name who gave it too (a ledger file can say until when), or correct the consent first.';
  const path = ['parties', at, 'representedBy'];
  const found = problem(path, expected, shown(row.representedBy), remedy);
  const line = lines.get(textOf(party) ?? '') ?? 0;
  tell(told, reader ? [reader.told({ line, row }, found)] : []);
}

/** Only where something is permitted to one alone is the register read again, for what is permitted of the same. */
async function checkExclusive(db: Context['db'], reading: Reading, register: Register): Promise<void> {
  const [{ path, mapping, around }, { reader, sole }] = [register, reading];
  if (reader !== null) tell(reading.told, await contradictedByPapers(db, reader, register));
  if (mapping.section !== 'grants' || sole.size === 0 || reader === null) return;
  const finder = exclusiveFinder(around.document);
  const rows: Placed[] = [];
  const add = ({ row, line }: Placed) => {
    if (!keysOf(row).some((key) => sole.has(key))) return;
    finder.add(row, rows.length);
    rows.push(line === undefined ? { row: { id: row.id } } : { row: {}, line });
  };
  const grantors = new Set([...sole].map((key) => key.split('\n')[0] ?? ''));
  // Those in force first: where two meet, the register's row is told.
  await eachGrantOf(db, [...grantors], (inForce) => {
    for (const row of untouched(inForce, reading)) add({ row });
  });
  for await (const { records } of csvBlocks(path)) (await rowsOf(db, reader, records, register)).forEach(add);
  for (const { row } of reading.related) finder.add({ supersedes: row.supersedes }, -1);
  for (const { supersedes } of untouched(around.related, reading)) finder.add({ supersedes }, -1);
  for (const conflict of finder.conflicts())
    if (isFull(reading.told)) reading.told.count++;
    else tellProblems([conflictProblem(conflict)], rows, reading, mapping);
}
