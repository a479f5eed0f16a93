import { listFiles } from '../../catalog/index.ts';
import type { Context } from '../../jobs/index.ts';
import { parseRate, rateNumber } from '../../media/index.ts';
import { shotsMark } from '../store.ts';
import type { FoundCopy } from './closer.ts';
import { detailsIn } from './details.ts';
import { findCopies } from './find.ts';
import { kindsOf } from './kinds.ts';
import { frameOfGrid, gridCells, type Print } from './prints.ts';
import { withoutRivals } from './rivals.ts';
import type { Copy } from './schema.ts';
import { copiesAt, copiesBefore, countPrints, printsOf, saveCopies } from './store.ts';

type Asked = Pick<Context, 'db' | 'paths' | 'report' | 'signal'>;

/** Part of the mark of a comparison: another way of comparing finds other copies. */
export const finder = 'bands-6';

/**
 * All pairs of shots of the workspace that show the same. They are sought when asked for the first time and after the
 * shots of any film were found, and kept: only what was not compared before is compared with all others.
 */
export async function copiesOf(context: Asked): Promise<Copy[]> {
  const { db } = context;
  const prints = await countPrints(db);
  const mark = `${finder} ${prints} ${await shotsMark(db)}`;
  const known = await copiesAt(db, mark);
  if (known) return known;
  await saveCopies(db, { mark, finder }, await compared(context, prints));
  return (await copiesAt(db, mark)) ?? [];
}

/** Pairs of which a shot is new, and those that were found before of the others. */
async function compared(context: Asked, prints: number): Promise<Copy[]> {
  const { db, report, signal } = context;
  const rates = new Map((await listFiles(db)).map(({ id, fps }) => [id, rateNumber(parseRate(fps))]));
  const onShot = (done: number) => {
    signal.throwIfAborted();
    report({ phase: 'compare shots', done, total: prints, unit: 'shots' });
  };
  const copies = await copiesBefore(db, finder);
  const detail = await detailsIn(context);
  const source = { ...(await printsOf(db, finder)), detail: ({ shot }: Print) => detail(shot) };
  for await (const found of findCopies(source, onShot)) copies.push(copyOf(found, rates));
  return withoutRivals(copies, source.films);
}

/** @param rates frames a second of each file */
export function copyOf(found: FoundCopy, rates: ReadonlyMap<string, number>): Copy {
  const { a, b, fit, likeness } = found;
  const [from, to] = lyingOn(found);
  const rate = (print: Print) => rates.get(print.file) ?? 24;
  const frame = (print: Print, grid: number) => Math.max(0, frameOfGrid(print.first + grid, rate(print)));
  const at = (grid: number) => Math.max(0, Math.round(fit.offset + fit.speed * grid));
  return {
    a: { shot: a.shot, in: frame(a, from), out: frame(a, to) },
    b: { shot: b.shot, in: frame(b, at(from)), out: frame(b, at(to)) },
    kinds: kindsOf(found),
    similarity: Math.round(likeness.picture * 1000) / 1000,
    speed: Math.round(fit.speed * 10_000) / 10_000,
  };
}

/** Grids of `a` that lie on `b` and show the same, from first to after the last. */
function lyingOn({ a, b, fit }: FoundCopy): [number, number] {
  const [count, others] = [a.grids.length / gridCells, b.grids.length / gridCells];
  const from = Math.max(fit.from ?? 0, Math.ceil((-0.5 - fit.offset) / fit.speed));
  const to = Math.min(fit.to ?? count, count, Math.floor((others - 0.5 - fit.offset) / fit.speed) + 1);
  return [from, Math.max(from, to)];
}
