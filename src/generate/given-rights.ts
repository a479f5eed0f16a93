import { listFilesNamed } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { decideSome, type ReachedBy, type ShotDecision, today, type Use } from '../rights/index.ts';
import { shotPlaces } from '../shots/index.ts';
import { withdrawalsOn } from '../train/index.ts';
import { drawingUse } from './drawing.ts';
import { type Pictures, shotsInFiles } from './given-pictures.ts';
import type { Brief, Take } from './schema.ts';
import { type TakeFile, takesOfFiles } from './takes-given.ts';

/** What a brief gives beside words, by the names of its fields. */
export const ROLES = ['first', 'last', 'video'] as const;

/** To give a film, and to draw takes that show it (ADR 0155). */
export const usesOfGiven: readonly Use[] = ['condition', drawingUse];

/** The files that briefs give, sha256 by path. */
export type Given = ReadonlyMap<string, string>;

/** Hashes each given file once. One that is not there is told of where it is read. */
export async function filesGiven(briefs: readonly Brief[]): Promise<Given> {
  const given = new Map<string, string>();
  for (const path of new Set(briefs.flatMap((brief) => ROLES.flatMap((role) => brief[role] ?? [])))) {
    const sha256 = await fileHash(path).catch(() => null);
    if (sha256 !== null) given.set(path, sha256);
  }
  return given;
}

/**
 * A film of the catalogue is given only where the ledger allows that today, for every shot of it: which of its frames a take shows
 * is not recorded. A picture that Backlot cut out of a film is asked about as its shot. A file that is not catalogued is given on the word of who gives it, and the take's record says so.
 * @param pictures what `shotsInFiles` found of them
 * @throws BacklotError `not-cleared`
 */
export async function refuseUncleared(context: Context, given: Given, pictures: Pictures): Promise<void> {
  if (given.size === 0) return;
  const files = await listFilesNamed(context.db);
  const films = [...given].flatMap(([path, sha256]) => {
    const film = files.find((file) => file.sha256 === sha256);
    return film ? [{ path, id: film.id }] : [];
  });
  const whole = (await shotPlaces(context.db, { files: films.map(({ id }) => id) })).map(({ id }) => id);
  const asOf = today();
  for (const use of usesOfGiven) {
    const asked = { use, asOf };
    const shots = [...new Set([...whole, ...pictures.values()])];
    const decided = await decideSome(context, shots, { ...asked, territory: 'world' });
    const decisions = Map.groupBy(decided, ({ fileId }) => fileId);
    for (const { path, id } of films) refuse(path, decisions.get(id) ?? [], asked);
    const ofShot = new Map(decided.map((decision) => [decision.shotId, decision]));
    for (const [path, sha256] of given) {
      const shot = pictures.get(sha256);
      if (shot !== undefined) refusePicture(path, ofShot.get(shot), asked);
    }
  }
}

/** Of some shots those whose pictures may be given, and shown by takes, today. */
export async function shotsToGive(
  context: Pick<Context, 'db'>,
  shots: readonly string[],
): Promise<Set<string>> {
  let left = new Set(shots);
  for (const use of usesOfGiven) {
    const decided = await decideSome(context, [...left], { use, territory: 'world', asOf: today() });
    left = new Set(decided.flatMap(({ shotId, outcome }) => (outcome === 'ALLOW' ? [shotId] : [])));
  }
  return left;
}

/** The same of the files that takes were given. @throws BacklotError `not-cleared` */
export const clearGiven = (context: Context, takes: readonly Take[], pictures: Pictures): Promise<void> =>
  refuseUncleared(context, new Map(takes.flatMap(givenTo)), pictures);

/** The shots of the pictures that takes were given. */
export const picturesGiven = (context: Context, takes: readonly Take[]): Promise<Pictures> =>
  shotsInFiles(context, new Map(takes.flatMap(givenTo)));

/** The files that a take was given, with their sha256. */
export const givenTo = ({ brief }: Take): [path: string, sha256: string][] =>
  brief.references.map(({ path, sha256 }) => [path, sha256]);

/**
 * A take that a withdrawal has reached is given no more, nor a copy of it: what is drawn from it would carry on what was withdrawn.
 * @throws BacklotError `blocked`
 */
export async function refuseBlockedGiven({ db }: Context, given: Given): Promise<void> {
  const takes = await takesOfFiles(db, [...given.values()]);
  const ids = takes.map(({ id }) => id);
  const blocked = await withdrawalsOn(db, 'take', ids);
  for (const [path, sha256] of given) {
    const take = takes.find((one) => one.sha256 === sha256 && blocked.has(one.id));
    if (take) throw reached(path, take, blocked.get(take.id) ?? []);
  }
}

/** Words that `run` made of a caption go with the dataset that they came from. @throws BacklotError `blocked` */
export async function refuseBlockedWords({ db }: Context, briefs: readonly Brief[]): Promise<void> {
  const datasets = new Set(briefs.flatMap(({ caption }) => (caption ? [caption.dataset] : [])));
  const [first] = await withdrawalsOn(db, 'snapshot', [...datasets]);
  if (!first) return;
  const [where, withdrawals] = first;
  throw new BacklotError('blocked', {
    expected: 'briefs made of captions of a dataset that no withdrawal has reached',
    where,
    found: `one that the withdrawal of ${withdrawals.map(({ row }) => row).join(', ')} has reached`,
    remedy: 'Give the command again: it makes its briefs of a dataset without what was withdrawn.',
  });
}

const reached = (where: string, { id, by }: TakeFile, withdrawals: readonly ReachedBy[]): BacklotError =>
  new BacklotError('blocked', {
    expected: 'a take that no withdrawal has reached',
    where,
    found: `${by === 'looks' ? 'by what it shows a copy of ' : ''}take ${id}, which the withdrawal of ${withdrawals.map(({ row }) => row).join(', ')} has reached`,
    remedy: 'Give another file; `backlot provenance tasks` lists what the withdrawal has left to decide.',
  });

function refusePicture(
  path: string,
  decision: ShotDecision | undefined,
  { use, asOf }: { use: Use; asOf: string },
): void {
  if (decision?.outcome === 'ALLOW') return;
  const [first] = decision?.reasons ?? [];
  throw new BacklotError('not-cleared', {
    expected: `what was cut out of a shot that is allowed for ${use} on ${asOf}`,
    where: path,
    found: decision
      ? `one of shot ${decision.shotId}: ${first?.message} (${first?.row})`
      : 'one of a shot that is not in this workspace any more',
    remedy: `Give another file, or have the ledger permit it: \`backlot rights check --use ${use}\` says what is missing.`,
  });
}

function refuse(
  path: string,
  decisions: readonly ShotDecision[],
  { use, asOf }: { use: Use; asOf: string },
): void {
  const refused = decisions.filter(({ outcome }) => outcome !== 'ALLOW');
  if (decisions.length > 0 && refused.length === 0) return;
  const reasons = new Set(
    refused.flatMap((one) => one.reasons.map(({ row, message }) => `${message} (${row})`)),
  );
  const [first] = reasons;
  const found = `${refused.length} of ${decisions.length} shots that are not: ${first}`;
  throw new BacklotError('not-cleared', {
    expected: `a film of which every shot is allowed for ${use} on ${asOf}`,
    where: path,
    found: decisions.length === 0 ? 'a film whose shots were not found yet' : found,
    remedy: `Give another file, or have the ledger permit it: \`backlot rights check --use ${use}\` says what is missing.`,
  });
}
