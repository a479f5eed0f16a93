import { createHash } from 'node:crypto';
import { BacklotError, idOf } from '../contract/index.ts';
import type { Brief } from './schema.ts';

/** Briefs that share the same adapters at the same weights are drawn by one run. */
export interface Batch {
  adapters: Brief['adapters'];
  briefs: Brief[];
}

const keyOf = (adapters: Brief['adapters']): string =>
  adapters.map(({ id, weight }) => `${id}*${weight}`).join('+');

/** Groups briefs by what they are drawn with; the order of briefs is kept. */
export function batchesOf(briefs: readonly Brief[]): Batch[] {
  refuseDoubles(briefs);
  const groups = Map.groupBy(briefs, ({ adapters }) => keyOf(adapters));
  return [...groups.values()].map((group) => ({ adapters: group[0]?.adapters ?? [], briefs: group }));
}

function refuseDoubles(briefs: readonly Brief[]): void {
  const seen = new Set<string>();
  for (const { id } of briefs) {
    if (seen.has(id)) throw doubled(id);
    seen.add(id);
  }
}

const doubled = (id: string): BacklotError =>
  new BacklotError('bad-briefs', {
    expected: 'each brief to have an id of its own',
    where: 'the briefs',
    found: `${id} twice`,
    remedy: 'Rename one of them.',
  });

/** A take's id follows from its run, brief and candidate: drawing again gives the same id. */
export function takeId(runId: string, briefId: string, candidate: number): string {
  const hash = createHash('sha256').update(`${runId}\0${briefId}\0${candidate}`).digest('hex');
  return idOf('tak', hash.slice(0, 12));
}
