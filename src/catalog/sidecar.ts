import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf } from '../contract/index.ts';
import { readTable, textIn } from '../editorial/index.ts';
import { MarkPlaces, readMarks } from './marks.ts';
import { Refusal } from './refusal.ts';
import type { Mark, Sidecar } from './schema.ts';

/**
 * Reads a sidecar and checks that it is what its name says.
 * @returns with it, what it says about training on the film
 * @throws Refusal `empty-file`, `bad-sidecar`
 */
export async function readSidecar(
  path: string,
): Promise<{ kind: Sidecar['kind']; sha256: string; marks: Mark[] }> {
  const bytes = await readFile(path);
  if (bytes.length === 0) throw new Refusal('empty-file', 'it holds no bytes: copy it again');
  const kind = extname(path).slice(1).toLowerCase() as Sidecar['kind'];
  const found = problems[kind](bytes);
  const problem = found && isBinary(kind, bytes) ? noText : found;
  if (problem) throw new Refusal('bad-sidecar', `${problem}: correct it, or leave it out`);
  return {
    kind,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    marks: await marksIn(path, bytes),
  };
}

async function marksIn(path: string, bytes: Buffer): Promise<Mark[]> {
  const places = new MarkPlaces();
  places.look(bytes);
  const file = await open(path, 'r');
  try {
    return await readMarks(file, places);
  } finally {
    await file.close();
  }
}

const problems: Record<Sidecar['kind'], (bytes: Buffer) => string | null> = {
  srt: (bytes) => (hasCue(bytes) ? null : noCue),
  vtt: (bytes) => (hasCue(bytes) ? null : noCue),
  ass: (bytes) => (hasDialogue(bytes) ? null : noDialogue),
  ssa: (bytes) => (hasDialogue(bytes) ? null : noDialogue),
  ttml: (bytes) => (bytes.includes('<') ? null : noXml),
  dfxp: (bytes) => (bytes.includes('<') ? null : noXml),
  scc: (bytes) => (lettersOf(bytes).includes('Scenarist_SCC') ? null : noScc),
  stl: (bytes) => (/^STL(25|30)\.01$/.test(bytes.toString('latin1', 3, 11)) ? null : noEbu),
  csv: (bytes) => thrownBy(() => readTable(textIn(bytes).text)),
  xmp: (bytes) => (bytes.includes('<') ? null : noXml),
  c2pa: (bytes) => (bytes.includes('jumb') ? null : 'it holds no manifest store (no JUMBF box)'),
  json: (bytes) => thrownBy(() => JSON.parse(textIn(bytes).text)),
};

const noText = 'it is no text (a film has the suffix of one)';
const binaryKinds: readonly Sidecar['kind'][] = ['stl', 'c2pa'];
const isBinary = (kind: Sidecar['kind'], bytes: Buffer): boolean =>
  !binaryKinds.includes(kind) && textIn(bytes).text.includes('\0');

const noCue = 'it holds no subtitle (no line with -->)';
const noDialogue = 'it holds no subtitle (no line with Dialogue:)';
const noScc = 'its first line does not say Scenarist_SCC';
const noEbu = 'its head does not say STL25.01 or STL30.01, as EBU STL does (EBU Tech 3264)';
const noXml = 'it holds no XML';

/** Also in UTF-16, where every other byte of Latin letters is zero. */
const lettersOf = (bytes: Buffer): string => bytes.toString('latin1').replaceAll('\0', '');
const hasCue = (bytes: Buffer): boolean => lettersOf(bytes).includes('-->');
const hasDialogue = (bytes: Buffer): boolean => /^Dialogue:/m.test(lettersOf(bytes));

function thrownBy(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
