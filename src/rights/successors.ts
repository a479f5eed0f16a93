import { textOf } from './raw.ts';

/** The rows that stand in the place of one: itself, or those that replace it in the end. */
export type Successors = (id: string) => string[];

/** @param rows of one section, those that say what they replace among them */
export function successorsIn(rows: readonly { id?: unknown; supersedes?: unknown }[]): Successors {
  const next = Map.groupBy(rows, ({ supersedes }) => textOf(supersedes));
  const follow = (id: string, seen: ReadonlySet<string>): string[] => {
    // A circle is a problem of its own.
    const by = (next.get(id) ?? []).flatMap((row) => textOf(row.id) ?? []).filter((one) => !seen.has(one));
    return by.length === 0 ? [id] : by.flatMap((one) => follow(one, new Set([...seen, one])));
  };
  return (id) => [...new Set(follow(id, new Set([id])))];
}
