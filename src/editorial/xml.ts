import { SaxesParser } from 'saxes';
import { messageOf } from '../contract/index.ts';

/** An element with its children and its own text. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/**
 * Reads an XML document. Nothing outside it is opened and no entity of its own is known.
 * @throws Error with line and column where it is not well formed
 */
export function parseXml(text: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw new Error(messageOf(error));
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (part: string) => {
    const element = open.at(-1);
    if (element) element.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root.children[0] as Element;
}

export const childOf = (element: Element | undefined, ...path: string[]): Element | undefined =>
  path.reduce<Element | undefined>((at, name) => at?.children.find((child) => child.name === name), element);

export const textOf = (element: Element | undefined, ...path: string[]): string | undefined =>
  childOf(element, ...path)?.text.trim();

/** Content of an element: nested content, or one text. */
export type Content = readonly [
  tag: string,
  content: Content[] | string | number,
  attributes?: Record<string, string>,
];

/** A document of elements, two spaces a level. */
export const xmlText = (root: Content): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ${root[0]}>\n${linesOf(root, '').join('\n')}\n`;

function linesOf([tag, content, attributes = {}]: Content, indent: string): string[] {
  const named = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const opening = `${indent}<${tag}${named.join('')}`;
  if (!Array.isArray(content)) return [`${opening}>${escaped(String(content))}</${tag}>`];
  if (content.length === 0) return [`${opening}/>`];
  return [`${opening}>`, ...content.flatMap((child) => linesOf(child, `${indent}  `)), `${indent}</${tag}>`];
}

/** Control characters have no place in XML 1.0, not even escaped. */
const escaped = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
