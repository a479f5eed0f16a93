import { basename, dirname, extname } from 'node:path';
import { BacklotError, idOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { isPattern, sequenceAt, sequenceName } from '../media/index.ts';
import { type Examined, examine } from './film.ts';
import { changedSince, fingerprint } from './fingerprint.ts';
import { flagsOf } from './flags.ts';
import { frameTablePath, readFrameTable, writeFrameTable } from './frame-table.ts';
import type { Mapping, TitleMap } from './map.ts';
import { addName } from './name-store.ts';
import type { FileProgress } from './progress.ts';
import { Refusal } from './refusal.ts';
import type { AddedFilm, CatalogFile, Known } from './schema.ts';
import {
  fingerprintSequence,
  type Print,
  readsAnew,
  type SequenceRead,
  sequenceChanged,
  sequenceRead,
} from './sequence.ts';
import {
  addMarks,
  findFileByHash,
  findFileByPath,
  insertFilm,
  refusalOf,
  replaceFilm,
  setPath,
  setRate,
} from './store.ts';
import { mayBePulledDown } from './telecine.ts';
import { mustBeAsCatalogued } from './unchanged.ts';
import { mayBeWoven } from './woven.ts';

/** No decoder of a film that works is silent for as long as this. */
const stallSeconds = 60;

/**
 * Adds one film, or finds that it is known. Once this returns, the film stays: a crash later loses nothing of it.
 * @param again whether bytes that were refused before are looked at again
 * @throws Refusal with the reason where the film cannot be used
 */
export async function addFilm(
  context: Context,
  path: string,
  { map, rate: given }: { map: TitleMap; rate: string | undefined },
  progress: FileProgress,
  again: boolean,
): Promise<AddedFilm | Known> {
  const sequence = await sequenceAt(path);
  const print = sequence
    ? await fingerprintSequence(sequence, progress.onBytes, context.signal)
    : { ...(await fingerprint(path, progress.onBytes, context.signal)), sequence: null };
  if (print.bytes === 0) throw new Refusal('empty-file', 'it holds no bytes: copy it again');
  const known = await findFileByHash(context.db, print.sha256);
  const before = known || again ? null : await refusalOf(context.db, print.sha256);
  if (before) throw before;
  const rate = map.titleOf(path)?.rate ?? given;
  const look = () => examineUnchanged(context, path, print, progress, sequenceRead(print, rate, known));
  if (known && (readsAnew(print, rate, known) || isUnlooked(known))) await keepLook(context, known, look);
  return known
    ? keepKnown(context, known, path, print, map.titleOf(path), look)
    : keepNew(context, path, print, map.titleOf(path), look);
}

async function keepNew(
  context: Context,
  path: string,
  { sha256, bytes, marks }: Print,
  mapping: Mapping | null,
  look: () => Promise<Examined>,
): Promise<AddedFilm> {
  const { frames, fps, facts, table } = await look();
  const id = idOf('fil', sha256.slice(0, 12));
  await writeFrameTable(frameTablePath(context.paths, id), table);
  const placement = mapping ?? {
    ownName: isPattern(path) ? sequenceTitle(path) : basename(path, extname(path)),
  };
  const before = await findFileByPath(context.db, path);
  const film = added(
    await insertFilm(
      context.db,
      { id, path, sha256, bytes, frames, fps, facts: { ...facts, marks } },
      placement,
    ),
  );
  return before ? { ...film, flags: [...film.flags, `replaces-${before.id}`] } : film;
}

/** Reels of one film often have the same names for their pictures, in folders of their own. */
function sequenceTitle(path: string): string {
  const [folder, name] = [basename(dirname(path)), sequenceName(path)];
  return folder === name ? name : `${folder} ${name}`;
}

function added(file: CatalogFile): AddedFilm {
  const { id, sha256, titleName, unmapped, reel, frames, fps } = file;
  const flags = flagsOf(file.facts, unmapped);
  return { kind: 'film', file: file.path, sha256, id, title: titleName, unmapped, reel, frames, fps, flags };
}

/** The same bytes again: follows a moved file and a new mapping, mends a lost frame table, and looks
 * for marks where an earlier version did not. */
async function keepKnown(
  context: Context,
  file: CatalogFile,
  path: string,
  { marks }: Print,
  mapping: Mapping | null,
  look: () => Promise<Examined>,
): Promise<Known> {
  const reasons = ['already catalogued'];
  if (file.facts.marks === null) await addMarks(context.db, file, marks);
  if (file.path !== path) reasons.push(await followMove(context, file, path));
  if (mapping && isElsewhere(file, mapping)) {
    const { titleName, reel } = await replaceFilm(context.db, file, mapping);
    reasons.push(`now reel ${reel} of ${titleName}`);
  }
  const tablePath = frameTablePath(context.paths, file.id);
  const whole = await readFrameTable(tablePath).catch(() => null);
  if (!whole) await writeFrameTable(tablePath, (await look()).table);
  return { file: path, sha256: file.sha256, id: file.id, kind: 'film', reason: reasons.join('; ') };
}

/** Catalogued before anybody looked for gaps, for 3:2 pulldown or for woven fields, at a rate that such films have. */
const isUnlooked = ({
  facts: { telecine, fieldsSeen, variableRate, timeGaps, declaredRate },
}: CatalogFile): boolean =>
  (timeGaps === undefined && variableRate) ||
  (telecine === undefined && mayBePulledDown(declaredRate)) ||
  (fieldsSeen === undefined && mayBeWoven(declaredRate));

/** The same pictures may turn out to run at another rate, or to be telecined; their frames and so their shots stay. */
async function keepLook(context: Context, file: CatalogFile, look: () => Promise<Examined>): Promise<void> {
  const { fps, facts, table } = await look();
  await writeFrameTable(frameTablePath(context.paths, file.id), table);
  await setRate(context.db, file, fps, { ...facts, marks: null });
}

async function followMove(context: Context, file: CatalogFile, path: string): Promise<string> {
  if (await isStillThere(context, file)) {
    const isNamed = await keepName(context, file, file.path, path, path);
    return `the same bytes as ${file.path}${isNamed ? ', under another name, which is kept: a ledger that names it speaks of this film' : ''}`;
  }
  await setPath(context.db, file.id, path);
  await keepName(context, file, path, file.path, path);
  return `moved here from ${file.path}${nameLost(file, path)}`;
}

/**
 * What a ledger says of another name of the same bytes speaks of the same film.
 * @param found where it was found now: that name is new, be it the film's own or the other
 * @returns whether it is another name
 */
async function keepName(
  { db }: Context,
  file: CatalogFile,
  own: string,
  other: string,
  found: string,
): Promise<boolean> {
  const [ours, name, newest] = [own, other, found].map(nameAt) as [string, string, string];
  if (name === ours) return false;
  await addName(db, file, name, newest);
  return true;
}

const nameAt = (path: string): string => basename(path).normalize('NFC');

/** Those who name films by file name do not find this one any more. */
function nameLost({ path: before, sha256 }: CatalogFile, path: string): string {
  const [old, now] = [before, path].map(nameAt);
  if (old === now) return '';
  return `, under another name: a ledger or a list of films in which it is still called ${old} must name it anew; a ledger may by its sha256, ${sha256}`;
}

/** Another film in its place is not it: films exchange their names, or one takes the name of another. */
async function isStillThere(context: Context, file: CatalogFile): Promise<boolean> {
  try {
    await mustBeAsCatalogued(context, file);
    return true;
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof BacklotError) return !isGone(error);
    throw error;
  }
}

/** What cannot be looked at, for want of a permission or by a disk's fault, still lies where it lay. */
const isGone = ({ code, cause }: BacklotError): boolean =>
  code === 'master-changed' || ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException)?.code ?? '');

const isElsewhere = (file: CatalogFile, { title, reel }: Mapping): boolean =>
  file.unmapped || file.titleName !== title || (reel !== null && reel !== file.reel);

async function examineUnchanged(
  context: Context,
  path: string,
  print: Print,
  { onFrames }: FileProgress,
  sequence: SequenceRead | null,
) {
  const options = { head: print.head, signal: context.signal, onFrames, stallSeconds, sequence };
  const examined = await examine(path, options).catch((error: unknown) => error as Error);
  if (await (print.sequence ? sequenceChanged(await sequenceAt(path), print) : changedSince(path, print))) {
    throw new Refusal('changing', 'it was written to while it was read: add it again once it is complete');
  }
  // A disk that fails says nothing of the bytes: they are tried again.
  if (examined instanceof Refusal && examined.code !== 'unreadable') {
    throw new Refusal(examined.code, examined.message, {
      sha256: print.sha256,
      at: new Date(),
      before: false,
    });
  }
  if (examined instanceof Error) throw examined;
  return examined;
}
