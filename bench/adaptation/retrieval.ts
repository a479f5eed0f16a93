import type { ClipLine, DatasetInput } from '../../src/contract/index.ts';
import type { SampleBrief } from '../../src/sample/index.ts';
import { readLines, readPixels, writeTakes } from '../checker/takes.ts';

/**
 * What a search in the catalogue gives instead of a model: for each brief the training clip whose caption has most
 * of its words, as if it were a take. Returns the path of their `takes.jsonl`.
 */
export function retrievedTakes(dir: string, briefs: readonly SampleBrief[], { path }: DatasetInput): string {
  const clips = readLines(path).filter(({ split }) => split === 'train');
  const shown = briefs.map(({ id, text }) => ({
    id: `${id}-0`,
    pixels: readPixels(path, nearest(clips, text)),
  }));
  return writeTakes(dir, shown);
}

function nearest(clips: readonly ClipLine[], text: string): ClipLine {
  const words = new Set(text.split(' '));
  const shared = ({ caption }: ClipLine) => caption.split(' ').filter((word) => words.has(word)).length;
  return clips.reduce((best, clip) => (shared(clip) > shared(best) ? clip : best));
}
