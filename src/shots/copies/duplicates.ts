import { type CatalogFile, listFiles } from '../../catalog/index.ts';
import { BacklotError } from '../../contract/index.ts';
import { appendAudit, type Context } from '../../jobs/index.ts';
import { parseRate, rateNumber } from '../../media/index.ts';
import type { Shot } from '../schema.ts';
import { listShots } from '../store.ts';
import { copiesOf } from './copies.ts';
import { framesToCompare } from './prints.ts';
import { rankedShots } from './ranked.ts';
import type { Copy, Duplicates, Kept } from './schema.ts';
import { type LeftOut, leftOut } from './stays.ts';
import { filesWithoutPrints, insertChoice, listChoices } from './store.ts';
import { tooFlatToCompare } from './too-flat.ts';
import { groupsOf, type Ranked } from './worth.ts';

type Member = Duplicates['groups'][number][number];

/** The shots of the workspace and the films they are in, by id. */
interface Known {
  files: ReadonlyMap<string, CatalogFile>;
  shots: ReadonlyMap<string, Shot>;
  ranked: ReadonlyMap<string, Ranked>;
}

/** Shots of the workspace that show the same, in groups, and which of each stays. */
export async function duplicates(context: Context): Promise<Duplicates> {
  const known = await knownIn(context.db);
  const { copies, out } = await decided(context, known);
  const unprinted = await filesWithoutPrints(context.db);
  const shots = [...known.shots.values()];
  const compared = shots.filter(({ fileId }) => !unprinted.has(fileId));
  const ids = compared.map(({ id }) => id);
  const members = (ids: readonly string[]) => ids.map((id) => memberOf(id, known, out.get(id)));
  return {
    groups: groupsOf(copies).map((ids) => members(ids).sort(staysFirst)),
    shots: compared.length,
    tooShort: compared.filter((shot) => shot.out - shot.in < framesToCompare(rateOf(shot, known))).length,
    tooFlat: (await tooFlatToCompare(context.db, ids)).size,
    filesNotCompared: [...unprinted].map((id) => known.files.get(id)?.path ?? id),
  };
}

/**
 * Records which shots a person wants to stay, with who and when. Rows are only added: the newest choice holds.
 * @throws BacklotError `no-such-shot`
 */
export async function keepShots(context: Context, shots: readonly string[]): Promise<Kept> {
  const { db, who } = context;
  const known = await knownIn(db);
  const missing = shots.find((id) => !known.shots.has(id));
  if (missing !== undefined) throw noSuchShot(missing);
  await db.transaction(async (tx) => {
    await insertChoice(tx, shots, who);
    await appendAudit(tx, { who, what: 'shots.keep', subject: shots[0] as string, details: { shots } });
  });
  const { out } = await decided(context, known);
  const left = [...out].filter(([, { copyOf }]) => shots.includes(copyOf)).map(([id]) => id);
  return { shots: [...shots], leftOut: left.sort() };
}

async function knownIn(db: Context['db']): Promise<Known> {
  const files = new Map((await listFiles(db)).map((file) => [file.id, file]));
  const shots = new Map((await listShots(db)).map((shot) => [shot.id, shot]));
  return { files, shots, ranked: await rankedShots(db) };
}

async function decided(context: Context, known: Known) {
  const copies = await copiesOf(context);
  const shots = [...known.ranked.values()];
  return { copies, out: leftOut(shots, copies, await listChoices(context.db)) };
}

const rateOf = ({ fileId }: Pick<Shot, 'fileId'>, { files }: Known): number =>
  rateNumber(parseRate(files.get(fileId)?.fps ?? '24'));

const staysFirst = (a: Member, b: Member): number => Number(a.copyOf !== null) - Number(b.copyOf !== null);

function memberOf(id: string, known: Known, left: LeftOut | undefined): Member {
  const shot = known.shots.get(id) as Shot;
  const file = known.files.get(shot.fileId);
  return {
    ...{ shot: id, file: file?.path ?? '', title: file?.titleName ?? '' },
    ...{ inTimecode: shot.inTimecode, outTimecode: shot.outTimecode, frames: shot.out - shot.in },
    ...{ copyOf: left?.copyOf ?? null, by: left?.by ?? null, why: left?.why ?? null },
    ...(left ? showsOf(id, left.copy, known) : { shows: null, offsetSeconds: null }),
    ...{ kinds: left?.copy.kinds ?? [], similarity: left?.copy.similarity ?? null },
  };
}

function showsOf(id: string, { a, b }: Copy, known: Known) {
  const [own, other] = a.shot === id ? [a, b] : [b, a];
  const seconds = ({ shot, in: from }: Copy['a']) => from / rateOf(known.shots.get(shot) as Shot, known);
  return {
    shows: { in: own.in, out: own.out, ofIn: other.in, ofOut: other.out },
    offsetSeconds: Math.round(100 * (seconds(own) - seconds(other))) / 100,
  };
}

const noSuchShot = (found: string) =>
  new BacklotError('no-such-shot', {
    expected: 'the id of a shot',
    where: 'workspace',
    found,
    remedy: 'backlot shots duplicates shows those that have copies.',
  });
