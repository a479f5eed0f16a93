import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rngOf, shuffled } from '../../src/sample/random.ts';
import { drawSheet, takeLines } from '../sheet.ts';
import type { WorldBrief } from './briefs.ts';

const SEED = 7;

/** Draws takes chosen by chance, in sheets of `rows`; no verdicts, so that they can be judged by eye first. */
export function drawChosen(
  paths: readonly string[],
  takes: string,
  briefs: readonly WorldBrief[],
  rows: number,
): void {
  const chosen = shuffled(rngOf('sheet', SEED), takeLines(takes));
  for (const [sheet, path] of paths.entries()) {
    const shown = chosen.slice(sheet * rows, (sheet + 1) * rows).map((take, row) => {
      const text = briefs.find(({ id }) => id === take.brief)?.text ?? '';
      const pixels = readFileSync(join(dirname(takes), take.path));
      return { text: `${sheet * rows + row + 1}. ${text}`, pixels };
    });
    drawSheet(path, shown);
  }
}
