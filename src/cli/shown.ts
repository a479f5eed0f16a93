/** Fields that hold what a file system named, who somebody is and what is noted in a line; texts that people wrote may have lines of their own. */
const names = new Set(['file', 'film', 'path', 'title', 'titleName', 'name', 'reason', 'person', 'note']);

/** A name with its control characters written out. */
export const escaped = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (one) =>
    one < ' ' ? JSON.stringify(one).slice(1, -1) : `\\u00${one.charCodeAt(0).toString(16)}`,
  );

/** An answer as it is put into words: names with control characters escaped, so that one in them ends no line and moves no cursor. */
export function shown<T>(value: T): T {
  if (Array.isArray(value)) return value.map((one) => shown(one)) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    typeof one === 'string' && names.has(key) ? escaped(one) : shown(one),
  ]);
  return Object.fromEntries(entries) as T;
}
