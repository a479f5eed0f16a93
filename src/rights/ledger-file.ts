import { stringify } from 'yaml';
import { BacklotError } from '../contract/index.ts';
import { type Context, writeOnce } from '../jobs/index.ts';
import { goneRows } from './gone-rows.ts';
import { lastContents } from './last-said.ts';
import { listOf, type Row, type Section, sections } from './raw.ts';
import { checked, problemWords } from './read.ts';
import { recordedIn } from './replacing.ts';
import { type Ledger, notLegalAdvice, type WrittenLedger } from './schema.ts';
import { currentLedger, type Recording } from './store.ts';
import { MAX_BYTES } from './text-file.ts';

/**
 * Writes the ledger in force as a ledger file: what files, registers, answers and withdrawals recorded, and the rows that those in force name in
 * `supersedes`. Imported again it changes nothing.
 * @param to a new file; one that holds these bytes already stays as it is
 * @throws BacklotError `no-ledger`, `file-exists`, `file-unwritable`
 */
export async function writeLedger({ db }: Pick<Context, 'db'>, to: string): Promise<WrittenLedger> {
  const current = await currentLedger(db);
  if (!current) throw noLedger(to);
  const replaced: Replaced = {};
  for (const section of sections)
    replaced[section] = await goneRows(current.document[section], (ids) => lastContents(db, section, ids));
  replaced.consents = inTheNewWord(replaced.consents ?? [], current.document.consents);
  const { document, problems } = withReplaced(current.document, replaced);
  const text = ledgerText(document, current);
  await writeOnce(to, text);
  const bytes = Buffer.byteLength(text);
  return {
    ...{ notice: notLegalAdvice, ledger: current.id, path: to, bytes },
    rows: Object.fromEntries(sections.map((section) => [section, document[section].length])),
    problems: [...problems, ...(bytes > MAX_BYTES ? [tooLarge(bytes)] : [])],
  };
}

const noLedger = (where: string): BacklotError =>
  new BacklotError('no-ledger', {
    expected: 'a ledger in force',
    where,
    found: 'none',
    remedy: 'Import one first: `backlot run FILMS` leaves ledger-template.yaml in the workspace to fill.',
  });

const tooLarge = (bytes: number): string =>
  `the whole file: expected at most ${MAX_BYTES} bytes, as more is not imported at once, found ${bytes}. Keep the registers that it came from.`;

type Replaced = Partial<Record<Section, readonly Row[]>>;

/** Consents out of force of before ADR 0198, which named refusals in `supersedes`: an import refuses that word. */
function inTheNewWord(gone: readonly Row[], inForce: readonly Row[]): Row[] {
  const refused = new Set(
    [...gone, ...inForce].flatMap(({ id, answer }) => (answer === 'refused' ? [id] : [])),
  );
  return gone.map(({ supersedes, ...row }) => {
    if (row.answer !== 'given' || !refused.has(supersedes))
      return supersedes === undefined ? row : { ...row, supersedes };
    return { ...row, lifts: [...new Set([...listOf(row.lifts), supersedes])] };
  });
}

/**
 * The ledger with the rows that its own have replaced, but for those of sections in which an import would refuse one of them: it does not need them.
 * @returns also what an import would refuse in the rows in force, as they were recorded before that was looked at
 */
function withReplaced(inForce: Ledger, replaced: Replaced): { document: Ledger; problems: string[] } {
  const recorded = recordedIn(inForce);
  const whole = (among: readonly Section[]): Ledger => {
    const parts = among.map((section) => [section, [...inForce[section], ...(replaced[section] ?? [])]]);
    return { ...inForce, ...Object.fromEntries(parts) };
  };
  const faults = (document: Ledger) =>
    Map.groupBy(checked(document, recorded).problems, ({ path }) => path[0]);
  const [before, after] = [faults(inForce), faults(whole(sections))];
  const sound = sections.filter(
    (section) => (after.get(section)?.length ?? 0) <= (before.get(section)?.length ?? 0),
  );
  const { ledger, problems } = checked(whole(sound), recorded);
  const document = ledger ?? whole(sound);
  return { document, problems: problems.map((problem) => problemWords(problem, document)) };
}

/** Dates and timecodes are texts in YAML 1.2, as in a ledger. */
export function ledgerText(document: Ledger, { id, source }: Pick<Recording, 'id' | 'source'>): string {
  const { version, ...parts } = document;
  const filled = Object.entries(parts).filter(([, rows]) => rows.length > 0);
  const head = [
    `# The rights ledger in force, ${id}, recorded last from ${source.replace(/\p{C}/gu, '?')}. ${notLegalAdvice}`,
    '# Edit it and give it to `backlot rights import`. A row that is left out goes out of force, or the file is refused where the',
    '# row forbids or holds up something: another row that names it in supersedes ends it. A refusal stays: a consent names it in lifts.',
  ];
  const yaml = stringify(
    { version, ...Object.fromEntries(filled) },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
  return `${head.join('\n')}\n${yaml}`;
}
