// node bench/blind/sheets.ts --out DIR [--seed 1] DRAWN...
// Numbered contact sheets of the takes that draw.ts lists, mixed, with their words and nothing of their arms; the key lies beside them.
// A take is accepted where in four of five frames a body with the person's colours and pattern stands apart from the place, sky, ground
// and what can be made out are the place's (at night: unless it plainly is the other one), and action and camera are not plainly others.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderClip } from '../../src/sample/clips.ts';
import { rngOf, shuffled } from '../../src/sample/random.ts';
import { titleOf, titleShot } from '../../src/sample/titles.ts';
import { drawSheet } from '../sheet.ts';
import type { Drawn } from './draw.ts';

const ROWS = 10;
const TIMES = ['day', 'sunset', 'night'] as const;

function draw(out: string, lists: readonly string[], seed: number): void {
  mkdirSync(out, { recursive: true });
  const drawn = lists.flatMap((list) => JSON.parse(readFileSync(list, 'utf8')) as Drawn[]);
  const mixed = shuffled(rngOf('blind', seed), drawn);
  for (let first = 0; first < mixed.length; first += ROWS) drawPart(out, mixed, first);
  for (const slug of new Set(mixed.map(({ title }) => title)))
    drawTitle(join(out, `title-${slug}.png`), slug);
  writeFileSync(join(out, 'key.json'), `${JSON.stringify(mixed, null, 1)}\n`);
}

function drawPart(out: string, mixed: readonly Drawn[], first: number): void {
  const rows = mixed.slice(first, first + ROWS).map(({ text, pixels }, row) => ({
    text: `${first + row + 1}. ${text}`,
    pixels: readFileSync(pixels),
  }));
  drawSheet(join(out, `sheet-${String(first / ROWS + 1).padStart(2, '0')}.png`), rows);
}

/** What a title's people and places truly look like, at every time of day: who judges must know them. */
function drawTitle(path: string, slug: string): void {
  const title = titleOf(slug);
  const rows = title.characters.flatMap((character) =>
    title.sets.flatMap((set) =>
      TIMES.map((time) => {
        const words = { character, set, action: 'stands', time, camera: 'still' } as const;
        const rng = rngOf('reference', slug, character.name, set.name, time);
        const spec = titleShot(rng, title.style, words, 3);
        return { text: `${character.name} in ${set.name}, ${time}`, pixels: renderClip({ spec, start: 0 }) };
      }),
    ),
  );
  drawSheet(path, rows);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
if (!values.out || positionals.length === 0)
  throw new Error('expected --out DIR and lists that draw.ts wrote');
draw(values.out, positionals, Number(values.seed));
