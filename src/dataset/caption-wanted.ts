import { relative } from 'node:path';
import { listFiles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots, type ShotDecision, today, type Use } from '../rights/index.ts';
import { listShots, type Shot } from '../shots/index.ts';
import type { CaptionInput, Disclosure } from './caption-schema.ts';
import { shotsDescribed } from './caption-store.ts';
import { permittedAt, titleNamed } from './disclose.ts';
import { countBy } from './record.ts';

/** A shot whose picture may leave, and by what permission. */
export interface ToSend {
  shot: string;
  title: string;
  file: string;
  thumbnail: string;
  disclosure: number;
}

export interface Wanted {
  titles: string[];
  shots: ToSend[];
  known: number;
  left: Record<string, number>;
}

/**
 * What reading a picture amounts to, by who reads: whoever is bound by no contract may keep it and learn from it, so the
 * owners must have agreed to that.
 */
const useOf: Record<Disclosure['operator'], Use> = {
  'in-house': 'index',
  vendor: 'index',
  'third-party': 'train.foundation',
};

/**
 * The shots whose pictures an endpoint may be sent and has not described yet: of titles that a person disclosed to it, as
 * far as the rights allow that today, and with a thumbnail.
 * @throws BacklotError `nothing-disclosed`, `nothing-cleared`, `no-such-title`
 */
export async function toSend(context: Context, input: CaptionInput): Promise<Wanted> {
  const permitted = await permissions(context, input);
  const titleOf = new Map((await listFiles(context.db)).map(({ id, titleId }) => [id, titleId]));
  const described = await shotsDescribed(context.db, input.model);
  const decided = await decisions(context, [...permitted.values()]);
  const all = (await listShots(context.db)).map((shot) => ({
    shot,
    by: permitted.get(titleOf.get(shot.fileId) ?? ''),
  }));
  const disclosed = all.flatMap(({ shot, by }) => (by ? [{ shot, by }] : []));
  const open = disclosed.filter(({ shot }) => !described.has(shot.id));
  const judged = open.map(({ shot, by }) => ({
    shot,
    by,
    reason: reasonOf(decided.get(askOf(by))?.get(shot.id), pictureOf(context, shot)),
  }));
  const refused = judged.flatMap(({ reason }) => (reason === null ? [] : [reason]));
  const shots = judged.filter(({ reason }) => reason === null);
  if (shots.length === 0 && refused.length > 0) throw nothingCleared(refused);
  return {
    titles: [...permitted.values()].map(({ title }) => title).sort(),
    shots: shots.map(({ shot, by }) => ({
      shot: shot.id,
      title: by.titleId,
      file: shot.fileId,
      thumbnail: shot.thumbnail ?? '',
      disclosure: by.id,
    })),
    known: disclosed.length - open.length,
    left: countBy(refused, (reason) => reason),
  };
}

async function permissions(
  { db }: Context,
  { endpoint, title }: CaptionInput,
): Promise<Map<string, Disclosure>> {
  const all = await permittedAt(db, endpoint);
  const only = title === undefined ? null : titleNamed(await listFiles(db), title).id;
  const permitted = new Map([...all].filter(([id]) => only === null || id === only));
  if (permitted.size > 0) return permitted;
  throw new BacklotError('nothing-disclosed', {
    expected: 'a title of which pictures may be sent to this endpoint',
    where: endpoint,
    found: title === undefined ? 'none' : `not ${title}`,
    remedy:
      'A person who may decide it says so with: backlot dataset disclose TITLE --endpoint ... --operator ...',
  });
}

const askOf = ({ operator, territory }: Disclosure): string => `${operator} ${territory}`;

/** Decisions on all shots, once for each operator and place. */
async function decisions(
  context: Context,
  permitted: readonly Disclosure[],
): Promise<Map<string, Map<string, ShotDecision>>> {
  const asks = new Map(permitted.map((one) => [askOf(one), one]));
  const asOf = today();
  const decided = new Map<string, Map<string, ShotDecision>>();
  for (const [ask, { operator, territory }] of asks) {
    const rows = await decideShots(context, { use: useOf[operator], trainer: operator, territory, asOf });
    decided.set(ask, new Map(rows.map((row) => [row.shotId, row])));
  }
  return decided;
}

/** Only what the shots stage has written: a row must not lead to another file. */
const pictureOf = ({ paths }: Context, { thumbnail }: Shot): string | null =>
  thumbnail === null || relative(paths.thumbnails, thumbnail).startsWith('..') ? null : thumbnail;

/** Why a shot's picture stays here, by the ledger's rule that counts; null: it may go. */
function reasonOf(decision: ShotDecision | undefined, picture: string | null): string | null {
  if (decision?.outcome !== 'ALLOW') return decision?.reasons[0]?.rule ?? 'unknown';
  return picture === null ? 'no_picture' : null;
}

const nothingCleared = (refused: readonly string[]): BacklotError =>
  new BacklotError('nothing-cleared', {
    expected: 'at least one shot whose picture the rights allow to be sent',
    where: `${refused.length} shots`,
    found: Object.entries(countBy(refused, (reason) => reason))
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', '),
    remedy:
      'Look at: backlot rights explain SHOT --use index --trainer vendor (for a third party: --use train.foundation).',
  });
