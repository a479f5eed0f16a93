import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chanceOf, type Forest } from '../../../src/shots/trees.ts';
import { asked, filmGroup } from './asked.ts';
import type { Question } from './examples.ts';
import { clearOnes, type LessonName, lessonNames, lessons, taught } from './lessons.ts';

/**
 * Teaches one of the detector's forests on composed films and drawn ones, one after another, as each asks what those before it
 * leave: `node bench/shots/learn/main.ts cuts --dir DIR`, then `sketch`, then `gradual`. Prints how well a forest does by question on
 * films of which it was taught none of the pictures, then writes the one taught with all to `src/shots/forests`.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { dir: { type: 'string' } } });
const name = lessonNames.find((one) => one === positionals[0]);
if (!name || !values.dir) throw new Error('say cuts, sketch or gradual, and --dir for the composed films');

const questions = await asked(name, values.dir);
for (const group of new Set(questions.map(filmGroup)))
  console.log(JSON.stringify(heldOut(name, questions, group)));
const to = new URL(`../../../src/shots/forests/${name}.json`, import.meta.url);
await writeFile(to, written(taught(name, questions)));

/** What a forest that never saw some films says of them. */
function heldOut(lesson: LessonName, all: readonly Question[], group: string) {
  const forest = taught(
    lesson,
    all.filter((one) => filmGroup(one) !== group),
  );
  const own = clearOnes(lesson, all).filter((one) => filmGroup(one) === group);
  const said = own.map(({ features, alike }) => ({
    isTrue: alike >= lessons[lesson].yes,
    yes: chanceOf(forest, features) >= 0.5,
  }));
  const count = (yes: boolean, isTrue: boolean) =>
    said.filter((s) => s.yes === yes && s.isTrue === isTrue).length;
  const [right, wrong, missed] = [count(true, true), count(true, false), count(false, true)];
  return { group, right, wrong, missed, f1: Number(((2 * right) / (2 * right + wrong + missed)).toFixed(4)) };
}

/** JSON of one tree a line. */
function written({ features, start, trees }: Forest): string {
  const lines = trees.map((tree) => JSON.stringify(tree)).join(',\n');
  return `{\n"features": ${JSON.stringify(features)},\n"start": ${start},\n"trees": [\n${lines}\n]\n}\n`;
}
