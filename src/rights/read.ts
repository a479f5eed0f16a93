import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { plainJson } from './plain-json.ts';
import { codeProblems } from './plain-text.ts';
import { findProblems } from './problems.ts';
import { type Problem, type RecordedRows, sections, shown } from './raw.ts';
import { type Ledger, ledgerSchema } from './schema.ts';
import { valueProblems } from './value-problems.ts';
import { BEGINNING, type Position, posOf } from './yaml-places.ts';
import { placesInRows } from './yaml-rows.ts';

type Document = ReturnType<typeof parseDocument>;

/**
 * Reads a ledger file: YAML 1.2 or JSON (which is YAML).
 * @param text what the file holds
 * @param name what errors call the file
 * @param recorded rows that it may replace without holding them
 * @param rows what it says, where `yamlRows` has read it
 * @throws BacklotError `ledger-invalid` naming every problem with line, column, row, what was expected and what to do
 */
export function readLedger(text: string, name: string, recorded?: RecordedRows, rows?: unknown): Ledger {
  if (rows !== undefined) return readRows(rows, text, name, recorded);
  return soundJson(text, recorded) ?? readYaml(text, name, recorded);
}

function readRows(rows: unknown, text: string, name: string, recorded?: RecordedRows): Ledger {
  const raw = withoutEmptySections(rows);
  const { ledger, problems } = checked(raw, recorded);
  if (ledger && problems.length === 0) return ledger;
  const places = placesInRows(
    text,
    problems.map(({ path }) => path),
  );
  throw invalid(name, inLineOrder(problems, places, raw));
}

/** 7.4 MB of JSON without a problem take .3 s of the processor in place of 8.6; places of problems are known by the reader of YAML alone. */
function soundJson(text: string, recorded?: RecordedRows): Ledger | null {
  const json = plainJson(text);
  if (json === undefined) return null;
  const { ledger, problems } = checked(withoutEmptySections(json), recorded);
  return problems.length === 0 ? ledger : null;
}

function readYaml(text: string, name: string, recorded?: RecordedRows): Ledger {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
  });
  const syntax = [...document.errors, ...document.warnings].map(
    (error) => `${placeWords(lines.linePos(error.pos[0]))}: ${error.message}`,
  );
  if (syntax.length > 0) throw invalid(name, syntax);
  const raw = withoutEmptySections(plain(document, name));
  const { ledger, problems } = checked(raw, recorded);
  if (ledger && problems.length === 0) return ledger;
  const places = problems.map(({ path }) => posOf(document, lines, path));
  throw invalid(name, inLineOrder(problems, places, raw));
}

/** A document's rows, fields in the order of the form, and all that is wrong with them; no ledger where it is of another form. */
export function checked(
  raw: unknown,
  recorded?: RecordedRows,
): { ledger: Ledger | null; problems: Problem[] } {
  const result = ledgerSchema.safeParse(raw);
  const shape = result.success ? [] : result.error.issues.flatMap((issue) => shapeProblems(issue, raw));
  const values = sections.flatMap((section) => [
    ...valueProblems(raw, section),
    ...codeProblems(raw, section),
  ]);
  const problems = [...shape, ...values, ...findProblems(raw, recorded)];
  return { ledger: result.data ?? null, problems };
}

function plain(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw invalid(name, [
      `${placeWords(BEGINNING)}: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

/** `grants:` with nothing below it is an empty list, as in a template not filled yet. */
function withoutEmptySections(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const names: readonly string[] = sections;
  return Object.fromEntries(
    Object.entries(raw).filter(([key, value]) => value !== null || !names.includes(key)),
  );
}

function invalid(name: string, problems: readonly string[]): BacklotError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new BacklotError('ledger-invalid', {
    expected: 'a rights ledger without errors',
    where: name,
    found: `${count}:\n  ${problems.join('\n  ').replace(/\.$/, '')}`,
    remedy: 'Correct these rows and import the file again: nothing of it was imported.',
    problems,
  });
}

function shapeProblems(issue: z.core.$ZodIssue, raw: unknown, above: readonly PropertyKey[] = []): Problem[] {
  const path = [...above, ...issue.path].filter((key) => typeof key !== 'symbol');
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    raw,
  );
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_union' && Array.isArray(value)) {
    const inner = issue.errors.find((errors) => errors.every((error) => error.path.length > 0)) ?? [];
    if (inner.length > 0) return inner.flatMap((error) => shapeProblems(error, raw, path));
  }
  return [{ path, expected: expectedBy(issue), found: shown(value), remedy: remedyFor(issue, value) }];
}

const remedyFor = (issue: z.core.$ZodIssue, value: unknown): string =>
  issue.code === 'invalid_type' && issue.expected === 'boolean' && typeof value === 'string'
    ? 'Write true or false without quotes: yes, no and all that stands in quotes is text here.'
    : 'Correct it.';

const unknownKey = (path: Problem['path'], key: string): Problem => ({
  path: [...path, key],
  expected: 'a key that the ledger knows',
  found: `"${key}"`,
  remedy: 'Correct the spelling or remove it; free text goes into note.',
});

const kindWords: Readonly<Record<string, string>> = {
  array: 'a list of at least one value',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'yes or no (true or false)',
};

/** What an issue of a schema asks for, in words. */
export function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small')
    return issue.origin === 'number' || issue.origin === 'int'
      ? `${issue.minimum} or more`
      : 'at least one entry';
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return kindWords[issue.expected] ?? `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid')) {
    return `one of ${issue.values.map(shown).join(', ')}`;
  }
  return issue.message;
}

const inLineOrder = (problems: readonly Problem[], places: readonly Position[], raw: unknown): string[] =>
  problems
    .map((problem, i) => ({ problem, at: places[i] ?? BEGINNING }))
    .sort((a, b) => a.at.line - b.at.line || a.at.col - b.at.col)
    .map(({ problem, at }) => `${placeWords(at)}, ${problemWords(problem, raw)}`);

export const problemWords = ({ path, expected, found, remedy }: Problem, raw: unknown): string =>
  `${placeOf(path, raw)}: expected ${expected}, found ${found}. ${remedy}`;

const placeWords = ({ line, col }: Position): string => `line ${line}, column ${col}`;

/** `grants[2] "g3" until`: where in the file, with the row's id when it has one. */
function placeOf(path: Problem['path'], raw: unknown): string {
  const [section, index, ...rest] = path;
  if (section === undefined) return 'the whole file';
  if (typeof index !== 'number') return path.join('.');
  const row = (raw as Record<string, unknown[]>)[section]?.[index] as { id?: unknown } | null | undefined;
  const id = typeof row?.id === 'string' ? ` "${row.id}"` : '';
  const field = rest.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return `${section}[${index}]${id}${field && ` ${field.replace(/^\./, '')}`}`;
}
