import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chanceOf, type Forest } from '../../../src/shots/trees.ts';
import { realFilms } from '../footage.ts';
import { type BoostOptions, boost } from './boost.ts';
import { cutQuestions, gradualQuestions, type Question, sketchQuestions } from './examples.ts';
import { drawnFilms, type SeenFilm, seenFilms } from './films.ts';

/**
 * Teaches the detector's forests on composed films and drawn ones, one after another, as each asks what those before it leave:
 * `node bench/shots/learn/main.ts cuts`, then `sketch`, then `gradual`. Prints how well a forest does on films composed from a
 * film that it was not taught with, then writes the one taught with all to `src/shots/forests`. The seed of the bench and of the demo is not used.
 */
const seeds = Array.from({ length: 22 }, (_, i) => 11 + i);
const studios = [...[101, 102, 103, 104].map((seed) => [seed, 'tiny'] as const), [201, 'demo'] as const];

const common = { rate: 0.12, leastWeight: 1, ridge: 1 };
const lessons: Record<
  string,
  { ask: (film: SeenFilm) => Question[]; seeds: number[]; options: BoostOptions }
> = {
  cuts: { ask: cutQuestions, seeds, options: { ...common, trees: 100, depth: 4, trueWeight: 3 } },
  // Every stretch of every length is a question: ten seeds ask 38,000.
  sketch: {
    ...{ ask: sketchQuestions, seeds: seeds.slice(0, 10) },
    options: { ...common, trees: 50, depth: 3, trueWeight: 1 },
  },
  gradual: { ask: gradualQuestions, seeds, options: { ...common, trees: 200, depth: 3, trueWeight: 0.5 } },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { dir: { type: 'string' } } });
const [name = ''] = positionals;
const lesson = lessons[name];
if (!lesson || !values.dir) throw new Error('say cuts, sketch or gradual, and --dir for the composed films');

const questions: Question[] = [];
// Of the trailer only cuts are listed, and it is full of fades.
const stocks = realFilms().filter(({ path }) => !path.includes('sintel'));
for (const films of [seenFilms(stocks, lesson.seeds, values.dir), drawnFilms(studios, values.dir)]) {
  for await (const film of films) for (const question of lesson.ask(film)) questions.push(question);
}
for (const film of new Set(questions.map((one) => one.film))) console.log(JSON.stringify(heldOut(film)));
const to = new URL(`../../../src/shots/forests/${name}.json`, import.meta.url);
await writeFile(to, written(taught(questions)));

function taught(some: readonly Question[]): Forest {
  const names = Object.keys((some[0] as Question).features);
  const examples = some.map(({ features, isTrue }) => ({ features: Object.values(features), isTrue }));
  return boost(names, examples, (lesson as (typeof lessons)[string]).options);
}

/** What a forest that never saw a film says of it. */
function heldOut(film: string) {
  const forest = taught(questions.filter((one) => one.film !== film));
  const asked = questions.filter((one) => one.film === film);
  const said = asked.map(({ features, isTrue }) => ({ isTrue, yes: chanceOf(forest, features) >= 0.5 }));
  const count = (yes: boolean, isTrue: boolean) =>
    said.filter((s) => s.yes === yes && s.isTrue === isTrue).length;
  const [right, wrong, missed] = [count(true, true), count(true, false), count(false, true)];
  return { film, right, wrong, missed, f1: Number(((2 * right) / (2 * right + wrong + missed)).toFixed(4)) };
}

/** JSON of one tree a line. */
function written({ features, start, trees }: Forest): string {
  const lines = trees.map((tree) => JSON.stringify(tree)).join(',\n');
  return `{\n"features": ${JSON.stringify(features)},\n"start": ${start},\n"trees": [\n${lines}\n]\n}\n`;
}
