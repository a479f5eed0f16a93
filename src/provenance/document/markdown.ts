import type { Document } from '../document-schema.ts';

/** A document as people read and edit it. */
export function markdownOf({ name, model, sections, withdrawn, notice: words }: Document): string {
  const parts = sections.map(({ number, heading, lines }) =>
    [`${'#'.repeat(level(number))} ${number} ${heading}`, ...lines.map((line) => `- ${plain(line)}`)].join(
      '\n',
    ),
  );
  return `${[`# ${name}`, `Model ${plain(model.name)} (${model.id})`, ...withdrawn.map(({ words }) => plain(words)), ...parts, words].join('\n\n')}\n`;
}

const level = (number: string): number => Math.min(4, 2 + (number.match(/\.\d/g)?.length ?? 0));

/** Names come from ledgers and catalogues: nothing of them is markup. */
const plain = (text: string): string =>
  text.replace(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`).replace(/\s+/g, ' ');
