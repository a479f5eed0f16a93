import type { CatalogFile } from '../../src/catalog/index.ts';
import type { Copy, Shot } from '../../src/shots/index.ts';
import { type Kind, kinds, type MadeCopy } from './copies.ts';

/** Frames of a source that a shot shows, in order. */
export interface Shown {
  source: string;
  kind: Kind | 'source';
  /** Nothing in it to tell it by. */
  flat: boolean;
  spans: { in: number; out: number }[];
}

/** Frames that two shots must share to be wanted: a second of film. */
const leastShared = 24;
/** Frames by which the beginning of what they share may be off: half a second. */
const nearby = 12;

/** What each shot shows, by its id. */
export function shownBy(
  shots: readonly Shot[],
  files: readonly CatalogFile[],
  copies: readonly MadeCopy[],
  flat: ReadonlySet<string>,
): Map<string, Shown> {
  const pathOf = new Map(files.map(({ id, path }) => [id, path]));
  const copyAt = new Map(copies.map((copy) => [copy.path, copy]));
  return new Map(
    shots.map((shot) => {
      const path = pathOf.get(shot.fileId) ?? '';
      const copy = copyAt.get(path);
      const shown = copy
        ? { source: copy.source.path, kind: copy.kind, spans: spansOf(shot, copy) }
        : { source: path, kind: 'source' as const, spans: [{ in: shot.in, out: shot.out }] };
      return [shot.id, { ...shown, flat: flat.has(shot.id) }];
    }),
  );
}

const spansOf = (shot: Pick<Shot, 'in' | 'out'>, copy: MadeCopy) =>
  copy.stretches
    .map(({ start, from, frames }) => ({
      in: from + Math.max(0, shot.in - start),
      out: from + Math.min(frames, shot.out - start),
    }))
    .filter((span) => span.out > span.in);

/** Frames of a source that both show. */
export function shared(a: Shown, b: Shown): number {
  if (a.source !== b.source) return 0;
  const pairs = a.spans.flatMap((one) => b.spans.map((other) => [one, other] as const));
  return pairs.reduce(
    (sum, [one, other]) => sum + Math.max(0, Math.min(one.out, other.out) - Math.max(one.in, other.in)),
    0,
  );
}

export interface Judged {
  /** Pairs of a film's shot and a copy's shot that share a second and more, and those found, by what was done. */
  byKind: Map<Kind, { wanted: number; hits: number }>;
  /** Shots that are flat from end to end, which are not compared. */
  flat: number;
  found: number;
  right: Copy[];
  wrong: Copy[];
  /** Of the right ones, those laid on each other within half a second. */
  placed: number;
}

export function judge(
  copies: readonly Copy[],
  shown: ReadonlyMap<string, Shown>,
  shots: ReadonlyMap<string, Shot>,
): Judged {
  const [right, wrong] = [true, false].map((is) =>
    copies.filter(({ a, b }) => shared(shown.get(a.shot) as Shown, shown.get(b.shot) as Shown) > 0 === is),
  ) as [Copy[], Copy[]];
  const pairs = new Set(copies.flatMap(({ a, b }) => [`${a.shot} ${b.shot}`, `${b.shot} ${a.shot}`]));
  return {
    byKind: new Map(kinds.map((kind) => [kind, recallOf(kind, shown, pairs)])),
    flat: [...shown.values()].filter((one) => one.flat).length,
    found: copies.length,
    ...{ right, wrong },
    placed: right.filter((copy) => isPlaced(copy, shown, shots)).length,
  };
}

function recallOf(kind: Kind, shown: ReadonlyMap<string, Shown>, pairs: ReadonlySet<string>) {
  const all = [...shown];
  const originals = all.filter(([, one]) => one.kind === 'source' && !one.flat);
  const wanted = all
    .filter(([, one]) => one.kind === kind && !one.flat)
    .flatMap(([id, one]) =>
      originals.filter(([, other]) => shared(one, other) >= leastShared).map(([other]) => `${id} ${other}`),
    );
  return { wanted: wanted.length, hits: wanted.filter((pair) => pairs.has(pair)).length };
}

/** Frames from a shot's beginning are frames of its source from its first span on. */
function isPlaced(
  { a, b }: Copy,
  shown: ReadonlyMap<string, Shown>,
  shots: ReadonlyMap<string, Shot>,
): boolean {
  const [one, other] = [a, b].map(({ shot, in: from }) => {
    const start = shots.get(shot)?.in ?? 0;
    return (shown.get(shot)?.spans[0]?.in ?? 0) + from - start;
  }) as [number, number];
  return Math.abs(one - other) <= nearby;
}
