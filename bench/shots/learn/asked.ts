import { ownForests } from '../../../src/shots/forests.ts';
import { realFilms } from '../footage.ts';
import { cutQuestions, gradualQuestions, type Question, sketchQuestions } from './examples.ts';
import { drawnFilms, type SeenFilm, seenFilms } from './films.ts';
import { type LessonName, lessons, studios } from './lessons.ts';

/** What a detector would be asked of a film. Which stretches the last lesson asks about, the forests that there are say. */
const ask: Record<LessonName, (film: SeenFilm) => Question[]> = {
  cuts: cutQuestions,
  sketch: sketchQuestions,
  gradual: (film) => gradualQuestions(film, ownForests),
};

/** All questions of a lesson. @param dir where films are kept, composed or drawn where it does not hold them yet */
export async function asked(name: LessonName, dir: string): Promise<Question[]> {
  const questions: Question[] = [];
  for (const films of [seenFilms(stocks(), lessons[name].seeds, dir), drawnFilms(studios, dir)]) {
    for await (const film of films) for (const question of ask[name](film)) questions.push(question);
  }
  return questions;
}

/** The real films that others are composed from: of the trailer only cuts are listed, and it is full of fades. */
export const stocks = () => realFilms().filter(({ path }) => !path.includes('sintel'));

/** Pieces of one film show the same places: they are left out together. */
export const filmGroup = ({ film }: { film: string }): string => film.split('_')[0] as string;
