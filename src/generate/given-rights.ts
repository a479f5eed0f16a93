import { stat } from 'node:fs/promises';
import { type CatalogFile, listFiles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { decideShots, type ShotDecision } from '../rights/index.ts';
import type { Brief } from './schema.ts';
import { type BlockedTake, blockedTakes } from './store.ts';

/** What a brief gives beside words, by the names of its fields. */
export const ROLES = ['first', 'last', 'video'] as const;

const USE = 'condition';

/**
 * A film of the catalogue is given only where the ledger allows that today, for every shot of it: which of its frames a take shows
 * is not recorded. A file that is not catalogued is given on the word of who gives it, and the take's record says so.
 * @throws BacklotError `not-cleared`
 */
export async function refuseUncleared(context: Context, briefs: readonly Brief[]): Promise<void> {
  const films = await filmsGiven(context, briefs);
  if (films.size === 0) return;
  const asOf = new Date().toISOString().slice(0, 10);
  const decisions = Map.groupBy(await decideShots(context, { use: USE, asOf }), ({ fileId }) => fileId);
  for (const [path, { id }] of films) refuse(path, decisions.get(id) ?? [], asOf);
}

/**
 * A take that a withdrawal has reached is given no more: what is drawn from it would carry on what was withdrawn. It is known by its
 * bytes; a file that is not there is told of where it is read.
 * @throws BacklotError `blocked`
 */
export async function refuseBlockedGiven({ db }: Context, briefs: readonly Brief[]): Promise<void> {
  const hashes = new Map<string, string>();
  for (const path of pathsIn(briefs)) {
    const sha256 = await fileHash(path).catch(() => null);
    if (sha256 !== null) hashes.set(path, sha256);
  }
  const blocked = await blockedTakes(db, [...hashes.values()]);
  for (const [path, sha256] of hashes) {
    const take = blocked.get(sha256);
    if (take) throw reached(path, take);
  }
}

const reached = (where: string, { id, withdrawal }: BlockedTake): BacklotError =>
  new BacklotError('blocked', {
    expected: 'a take that no withdrawal has reached',
    where,
    found: `take ${id}, which the withdrawal of ${withdrawal} has reached`,
    remedy: 'Give another file; `backlot provenance tasks` lists what the withdrawal has left to decide.',
  });

const pathsIn = (briefs: readonly Brief[]): Set<string> =>
  new Set(briefs.flatMap((brief) => ROLES.flatMap((role) => brief[role] ?? [])));

async function filmsGiven({ db }: Context, briefs: readonly Brief[]): Promise<Map<string, CatalogFile>> {
  const paths = pathsIn(briefs);
  const films = new Map<string, CatalogFile>();
  const files = paths.size === 0 ? [] : await listFiles(db);
  for (const path of paths) {
    const film = await filmAt(path, files);
    if (film) films.set(path, film);
  }
  return films;
}

/** Only what is as long as a film is hashed for it. A file that is not there is told of where it is read. */
async function filmAt(path: string, files: readonly CatalogFile[]): Promise<CatalogFile | undefined> {
  const size = await stat(path).then(
    ({ size: bytes }) => bytes,
    () => null,
  );
  const likely = files.filter(({ bytes }) => bytes === size);
  if (likely.length === 0) return undefined;
  const sha256 = await fileHash(path);
  return likely.find((file) => file.sha256 === sha256);
}

function refuse(path: string, decisions: readonly ShotDecision[], asOf: string): void {
  const refused = decisions.filter(({ outcome }) => outcome !== 'ALLOW');
  if (decisions.length > 0 && refused.length === 0) return;
  const reasons = new Set(
    refused.flatMap((one) => one.reasons.map(({ row, message }) => `${message} (${row})`)),
  );
  const [first] = reasons;
  const found = `${refused.length} of ${decisions.length} shots that are not: ${first}`;
  throw new BacklotError('not-cleared', {
    expected: `a film of which every shot is allowed for ${USE} on ${asOf}`,
    where: path,
    found: decisions.length === 0 ? 'a film whose shots were not found yet' : found,
    remedy: `Give another file, or have the ledger permit it: \`backlot rights check --use ${USE}\` says what is missing.`,
  });
}
