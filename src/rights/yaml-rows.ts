import { setImmediate } from 'node:timers/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from './raw.ts';
import { BEGINNING, type Position, posOf } from './yaml-places.ts';

/** Characters that are read at once: what the reader makes of them takes many times their size, and nothing else is done meanwhile. */
const AT_ONCE = 65_536;

/** A key at the beginning of a line, with a word, an empty list or nothing behind it. */
const keyLine = /^([A-Za-z]+):(?:[ \t]+([\w.]+|\[\]))?[ \t]*(?:#.*)?$/;

/** What only the whole file explains: an alias, and ends of lines that are none everywhere. */
const unclear = /[\s[{,:-]\*\S|\r(?!\n)/;

/** The head of a text that keeps the empty lines after it. */
const keeping = /[|>]\d?\+/;

/** Rows of one section, or a key with its word, as lines of the file. */
interface Part {
  key: string;
  /** Whether it begins with the key; others go on with its rows. */
  isFirst: boolean;
  lines: string[];
  size: number;
  /** The line of the file at which it begins, from 1. */
  line: number;
  /** Rows of its section that come before it, and its own. */
  before: number;
  rows: number;
  /** Where the dash of each row stands; null: no row yet; undefined: a key with its word. */
  dash?: number | null;
}

/**
 * What a ledger file in YAML says, read by the same reader some rows at a time: keys at the beginning of lines, each with its rows one below the other.
 * @param hears how many characters were read
 * @returns undefined where it is short, written in another way, or anything is wrong with it: then it has to be read as a whole
 */
export async function yamlRows(text: string, hears: (done: number) => void): Promise<unknown> {
  if (text.length <= AT_ONCE || unclear.test(text)) return undefined;
  if (!text.endsWith('\n') && keeping.test(text)) return undefined;
  const raw = new Map<string, unknown>();
  let done = 0;
  for (const part of partsOf(text)) {
    if (part === null || !add(raw, part)) return undefined;
    done += part.size;
    hears(done);
    await setImmediate();
  }
  return Object.fromEntries(raw);
}

/** @returns whether it can be understood by itself, and its key stands there once */
function add(raw: Map<string, unknown>, part: Part): boolean {
  const [value, before] = [saidIn(part), raw.get(part.key)];
  if (value === undefined || (part.isFirst && raw.has(part.key))) return false;
  if (Array.isArray(before)) before.push(...(value as unknown[]));
  else raw.set(part.key, value);
  return true;
}

/** Parts in their order, the last of them null where the file is written in another way. */
function* partsOf(text: string): Generator<Part | null> {
  let part: Part | null = null;
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    const next: Part | null = isSilent(line) ? part : nextPart(part, line, number);
    if (part && next !== part) yield part;
    if (next) addTo(next, line);
    else if (!isSilent(line)) return yield null;
    part = next;
  }
  if (part) yield part;
}

function addTo(part: Part, line: string): void {
  part.lines.push(line);
  part.size += line.length + 1;
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
    start = end + 1;
  }
}

/** Within a text of several lines such a line is part of it: it stays where it is. */
const isSilent = (line: string): boolean => /^[ \t]*(?:#.*)?$/.test(line);

/** The part to which a line belongs: the same, or one that begins with it; null where nobody can say without reading the whole. */
function nextPart(part: Part | null, line: string, number: number): Part | null {
  const indent = line.search(/[^ ]/);
  const isRow = /^- |^-$/.test(line.slice(indent, indent + 2));
  if (indent === 0 && !isRow) return keyedPart(line, number);
  if (!part || part.dash === undefined) return null;
  const dash = part.dash ?? indent;
  if (!isRow || indent !== dash) return indent > dash && part.dash !== null ? part : null;
  const next = part.size < AT_ONCE ? part : partAfter(part, number);
  next.dash = dash;
  next.rows++;
  return next;
}

const nothing = { size: 0, rows: 0 };

const partAfter = ({ key, before, rows }: Part, line: number): Part => ({
  ...{ ...nothing, key, isFirst: false, line },
  ...{ lines: [], before: before + rows },
});

function keyedPart(text: string, line: number): Part | null {
  const [found, key = '', word] = keyLine.exec(text) ?? [];
  if (found === undefined) return null;
  const part = { ...nothing, key, isFirst: true, lines: [], line, before: 0 };
  return word === undefined ? { ...part, dash: null } : part;
}

const options = { version: '1.2', schema: 'core', prettyErrors: false } as const;

/** @returns undefined where anything is wrong with it */
function saidIn({ key, isFirst, lines }: Part): unknown {
  const document = parseDocument(`${lines.join('\n')}\n`, options);
  if (document.errors.length + document.warnings.length > 0) return undefined;
  const value: unknown = document.toJS();
  return isFirst ? (value as Record<string, unknown>)[key] : value;
}

/** Where values stand in a file that `yamlRows` has read, each or the nearest thing above it that exists. */
export function placesInRows(text: string, paths: readonly Problem['path'][]): Position[] {
  const places = paths.map(() => BEGINNING);
  const byKey = Map.groupBy(paths.keys(), (i) => paths[i]?.[0]);
  let isFirst = true;
  for (const part of partsOf(text)) {
    if (part === null) break;
    // What is missing is told where the file begins to say something.
    if (isFirst) places.fill({ line: part.line, col: 1 });
    isFirst = false;
    const own = (byKey.get(part.key) ?? []).filter((i) => isIn(part, paths[i]?.[1]));
    if (own.length === 0) continue;
    const lines = new LineCounter();
    const document = parseDocument(part.lines.join('\n'), { ...options, lineCounter: lines });
    for (const i of own) {
      const { line, col } = posOf(document, lines, within(part, paths[i] ?? []));
      places[i] = { line: line + part.line - 1, col };
    }
  }
  return places;
}

const isIn = ({ isFirst, before, rows }: Part, row: string | number | undefined): boolean =>
  typeof row === 'number' ? row >= before && row < before + rows : isFirst;

const within = ({ isFirst, before }: Part, path: Problem['path']): Problem['path'] => {
  const [, row, ...rest] = path;
  return isFirst || typeof row !== 'number' ? path : [row - before, ...rest];
};
