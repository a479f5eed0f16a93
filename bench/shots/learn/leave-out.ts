import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { createDetector, tiled } from '../../../src/shots/detector.ts';
import type { Forests } from '../../../src/shots/forests.ts';
import { realFilms } from '../footage.ts';
import { f1Of, type Judgement, judge, precisionOf, recallOf, together } from '../judge.ts';
import { median, round } from '../score.ts';
import { asked, filmGroup, stocks } from './asked.ts';
import type { Question } from './examples.ts';
import { framesIn, type SeenFilm, second, seenFilms } from './films.ts';
import { type LessonName, lessonNames, taught } from './lessons.ts';

/**
 * How does the fast detector do on a film of which it was taught nothing? `node bench/shots/learn/leave-out.ts --dir DIR`: for each real
 * film all three forests are taught without what was composed of it (and of the other pieces of the same film), then find
 * transitions in films composed of it alone, of seeds that none is taught with, and cuts in it itself. Writes `left-out.json`.
 */
const seeds = [1, 60, 61];

const { values } = parseArgs({ options: { dir: { type: 'string' } } });
if (!values.dir) throw new Error('say --dir for the composed films');
const { dir } = values;

const questions = {} as Record<LessonName, Question[]>;
for (const name of lessonNames) questions[name] = await asked(name, dir);

const judgements = new Map<string, Judgement[]>();
const real: object[] = [];
for (const group of new Set(realFilms().map(({ path }) => filmGroup({ film: basename(path) })))) {
  const forests = without(group);
  const composed = await composedOf(group, forests);
  if (composed.length > 0) judgements.set(group, composed);
  real.push(...(await cutsOf(group, forests)));
}
const groups = [...judgements].map(([film, all]) => ({ film, ...summary(together(all)) }));
const whole = { film: 'all', ...summary(together([...judgements.values()].flat())) };
const result = { seeds: seeds.join(', '), composed: [...groups, whole], real };
console.log(JSON.stringify(result, null, 1));
await writeFile(new URL('left-out.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);

function without(group: string): Forests {
  const forests = lessonNames.map((name) => {
    const others = questions[name].filter((one) => filmGroup(one) !== group);
    return [name, taught(name, others)];
  });
  return Object.fromEntries(forests) as Forests;
}

async function composedOf(group: string, forests: Forests): Promise<Judgement[]> {
  const found: Judgement[] = [];
  for await (const film of seenFilms(stocks(), seeds, dir)) {
    if (filmGroup({ film: film.name }) !== group) continue;
    found.push(judge(film.transitions, transitionsIn(film, forests), film.bursts));
  }
  return found;
}

function transitionsIn({ frames, history }: Pick<SeenFilm, 'frames' | 'history'>, forests: Forests) {
  const detector = createDetector({ fps: second, forests });
  for (let k = 0; k < frames; k++) detector.push(history.at(k).pixels);
  return tiled(frames, detector.finish().found).transitions;
}

async function cutsOf(group: string, forests: Forests) {
  const results: object[] = [];
  for (const { path, cuts, complete, mixed } of realFilms()) {
    const film = basename(path);
    if (filmGroup({ film }) !== group) continue;
    const detector = createDetector({ fps: second, forests });
    for (const pixels of await framesIn(path)) detector.push(pixels);
    const { frames, found } = detector.finish();
    const ends = tiled(frames, found).transitions.flatMap(({ type, end }) => (type === 'cut' ? [end] : []));
    const clear = ends.filter((end) => !mixed.some(([from, to]) => end >= from && end <= to));
    const near = (list: readonly number[], at: number) => list.some((one) => Math.abs(one - at) <= 1);
    const extra = clear.filter((end) => !near(cuts, end)).length;
    const counts = { wanted: cuts.length, hits: cuts.filter((cut) => near(clear, cut)).length };
    results.push({ film, cuts: { ...counts, extra: complete ? extra : null } });
  }
  return results;
}

function summary({ cuts, gradual, edges, atBursts }: Judgement) {
  const { value: recall, low: recallLow, high: recallHigh } = recallOf(gradual);
  const { value: precision, low: precisionLow, high: precisionHigh } = precisionOf(gradual);
  return {
    cuts: { ...cuts, f1: f1Of(cuts) },
    gradual: { ...gradual, recall, recallLow, recallHigh, precision, precisionLow, precisionHigh },
    edges: {
      median: median(edges),
      within2: round(edges.filter((off) => off <= 2).length / edges.length),
      n: edges.length,
    },
    atBursts,
  };
}
