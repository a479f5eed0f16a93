/** Text that is HTML already. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | null | undefined | false | readonly Part[];

/** Builds HTML from a template: every value put in is escaped, except markup and lists of it. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const pieces = strings.map((text, at) => text + (at < parts.length ? write(parts[at]) : ''));
  return { markup: pieces.join('') };
}

function write(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'markup' in part ? part.markup : part.map(write).join('');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Trusted text (our own style sheet and script) as markup. */
export const raw = (markup: string): Markup => ({ markup });

/** Data for a script element: JSON in which nothing can end the element. */
export const json = (data: unknown): Markup => raw(JSON.stringify(data).replaceAll('<', '\\u003c'));
