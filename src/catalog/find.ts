import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { WORKSPACE_MARK } from '../jobs/index.ts';
import { isPattern, patternsOf, sequenceAt } from '../media/index.ts';
import { Refusal, refusalOfFileError } from './refusal.ts';
import type { Refused } from './schema.ts';

/** The files that `paths` name or contain, in the order named and by natural order within folders. */
export interface Found {
  films: string[];
  /** Those of the films and sidecars that were named themselves. */
  named: Set<string>;
  sidecars: string[];
  refused: Refused[];
}

export const sidecarExtensions = [
  ...['.srt', '.vtt', '.ass', '.ssa', '.ttml', '.dfxp', '.scc', '.stl'],
  ...['.csv', '.json', '.xmp', '.c2pa'],
] as const;

const byName = new Intl.Collator('en', { numeric: true }).compare;

/** Walks folders; opens no file. What cannot be read, is hidden or holds a truth is refused here. */
export async function findFiles(paths: readonly string[]): Promise<Found> {
  const found: Found = { films: [], named: new Set(), sidecars: [], refused: [] };
  const seen = new Set<string>();
  for (const path of paths) await visit(resolve(path), found, seen, true);
  return found;
}

async function visit(path: string, found: Found, seen: Set<string>, named: boolean): Promise<void> {
  try {
    if (!named && basename(path).startsWith('.'))
      throw new Refusal('hidden-file', 'its name starts with a dot: name it itself to add it');
    if (seen.has(path)) return;
    seen.add(path);
    if (isPattern(path) && (await sequenceAt(path))) return addSequence(path, found, named);
    const facts = await stat(path);
    if (facts.isDirectory()) return await visitFolder(path, found, seen);
    if (!facts.isFile()) throw new Refusal('not-a-film', 'it is no regular file: name a file or a folder');
    if (named) found.named.add(path);
    sort(path, found);
  } catch (error) {
    found.refused.push(refused(path, error));
  }
}

function addSequence(path: string, found: Found, named: boolean): void {
  if (named) found.named.add(path);
  found.films.push(path);
}

/** Links may lead to a folder twice, or in a circle: its real path tells. */
async function visitFolder(path: string, found: Found, seen: Set<string>): Promise<void> {
  const real = `${await realpath(path)}/`;
  if (seen.has(real))
    throw new Refusal('repeated', 'it leads to a folder that was searched already: nothing is lost');
  seen.add(real);
  const names = (await readdir(path)).toSorted(byName);
  if (names.includes(WORKSPACE_MARK))
    throw new Refusal(
      'workspace',
      'it is a Backlot workspace: what Backlot made is no master, name a film in it to add it',
    );
  for (const name of withSequences(names)) await visit(join(path, name), found, seen, false);
}

/** A sequence's pattern stands where its first picture stood. */
function withSequences(names: readonly string[]): string[] {
  const patterns = patternsOf(names.filter((name) => !name.startsWith('.')));
  const of = new Map([...patterns].flatMap(([pattern, own]) => own.map((name) => [name, pattern])));
  return [...new Set(names.map((name) => of.get(name) ?? name))];
}

function sort(path: string, found: Found): void {
  if (/\.truth\.json$/i.test(path))
    throw new Refusal('truth-file', 'it says what a rendered film truly shows: only the checker may read it');
  const extension = extname(path).toLowerCase();
  const isSidecar = sidecarExtensions.some((one) => one === extension);
  (isSidecar ? found.sidecars : found.films).push(path);
}

/** The entry of the answer for a file that was not taken; errors that decide nothing about the file go on. */
export function refused(file: string, error: unknown): Refused {
  const refusal = error instanceof Refusal ? error : refusalOfFileError(error);
  if (!refusal) throw error;
  return { file, code: refusal.code, reason: refusal.message };
}
