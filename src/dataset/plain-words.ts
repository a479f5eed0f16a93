export interface PlainWords {
  caption: string;
  /** Whether more than white space was taken away. */
  cleaned: boolean;
}

/**
 * The caption in what a model answers: without the reasoning that some write before it, and without the markup and the quotes
 * around it that a training text must not have.
 * @returns null where reasoning begins and does not end: nothing tells what of it is the caption
 */
export function plainWords(content: string): PlainWords | null {
  const said = withoutReasoning(content);
  if (said === null) return null;
  const plain = unquoted(inOneLine(withoutMarkup(said)));
  const caption = /[\p{L}\p{N}]/u.test(plain) ? plain : '';
  return { caption, cleaned: caption !== inOneLine(content) };
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const reasoning = /<think(?:ing)?\s*>.*?<\/think(?:ing)?\s*>/gis;
/** Templates that write the first mark themselves leave the last alone in the answer. */
const upToItsEnd = /^.*<\/think(?:ing)?\s*>/is;

function withoutReasoning(content: string): string | null {
  const rest = content.replace(reasoning, '').replace(upToItsEnd, '');
  return /<think(?:ing)?\s*>/i.test(rest) ? null : rest;
}

/** Markdown that stands before a line: a fence, a heading, a quotation, an item of a list. */
const beforeLines = /^[ \t]*(?:```\w*[ \t]*$|#{1,6}[ \t]+|>[ \t]+|[-*+][ \t]+)/gm;
/** Markdown around words: a mark that emphasizes touches the words, and outside no letter and no digit. */
const aroundWords = [
  /(?<![\p{L}\p{N}*])(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1(?![\p{L}\p{N}*])/gu,
  /(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*[^\s_])\1(?![\p{L}\p{N}_])/gu,
  /(`{1,3})([^`]+)\1/g,
];

const withoutMarkup = (text: string): string =>
  aroundWords.reduce((rest, mark) => rest.replace(mark, '$2'), text.replace(beforeLines, ''));

const quotes = ['""', "''", '“”', '‘’', '«»', '„“', '»«'];

/** Quotes go that stand around the whole, and nowhere else in it. */
function unquoted(text: string): string {
  const [first, last, within] = [text[0] ?? '', text.at(-1) ?? '', text.slice(1, -1)];
  const isAround = quotes.includes(first + last) && !within.includes(first) && !within.includes(last);
  return text.length > 2 && isAround ? within.trim() : text;
}
