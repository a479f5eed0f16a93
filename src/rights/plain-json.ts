/** Strings of a JSON text, each with the colon after it where it is a key. */
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** What a JSON text says; undefined where it is none, or where one object has a key twice: of two, `JSON.parse` drops the first without a word. */
export function plainJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return keysWritten(text) === keysIn(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function keysWritten(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(strings)) if (colon !== undefined) count += 1;
  return count;
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, one) => sum + keysIn(one), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
}
