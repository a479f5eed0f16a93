import type { CheckLine } from '../contract/index.ts';
import type { Expect } from '../generate/index.ts';
import type { CheckVerdict, Limits } from './schema.ts';

export interface Judgement {
  verdict: CheckVerdict;
  reasons: string[];
}

/** One question about a take: the reason why not, null where it is answered well, or why it cannot be answered. */
interface Answer {
  no?: string;
  unknown?: string;
}

/**
 * Whether a take is usable: every asked attribute right AND not a copy AND it moves as asked AND sharpness,
 * flicker and the seams between blocks inside the limits. Where one of these cannot be judged, and none is wrong, the take is `unchecked`.
 * @param reading what the checker read in the take
 * @param expect what its brief asks to be seen; null: nobody said, so nothing can be judged
 * @param limits of the checker's card; null: no checker judged (real films)
 * @param copyLimit distance to the nearest training clip that a take must exceed (0 the same, 1.41 unrelated);
 *   null where it is not known
 */
export function usable(
  reading: CheckLine,
  expect: Expect | null,
  limits: Limits | null,
  copyLimit: number | null,
): Judgement {
  if (!expect) return { verdict: 'unchecked', reasons: ['the brief does not say what must be seen'] };
  if (!limits) return { verdict: 'unchecked', reasons: ['no checker knows these films'] };
  return judged([
    ...attributes(reading, expect, limits.probability),
    copied(reading, copyLimit),
    moves(reading, expect, limits),
    inside('sharpness', reading.sharpness, limits.sharpness),
    inside('seams', reading.seams, limits.seams),
    inside('flicker', reading.flicker, limits.flicker),
  ]);
}

function judged(answers: Answer[]): Judgement {
  const wrong = answers.flatMap(({ no }) => no ?? []);
  const open = answers.flatMap(({ unknown }) => unknown ?? []);
  if (wrong.length > 0) return { verdict: 'not usable', reasons: wrong };
  return { verdict: open.length > 0 ? 'unchecked' : 'usable', reasons: open };
}

const singles = ['set', 'action', 'camera', 'time'] as const;

function attributes(reading: CheckLine, expect: Expect, probability: number): Answer[] {
  const seen = reading.characters.filter((c) => c.probability >= probability).map((c) => c.name);
  const asked = singles.filter((name) => expect[name] !== undefined);
  const answers = [
    ...(expect.characters ? [characters(expect.characters, seen)] : []),
    ...asked.map((name) => single(name, expect[name] ?? '', reading[name], probability)),
  ];
  return answers.some(({ no }) => no) ? answers : [together(reading, expect, probability)];
}

/** Each attribute alone may be a little likely: the take is right only where all of them at once are. */
function together(reading: CheckLine, expect: Expect, probability: number): Answer {
  const singly = singles
    .filter((name) => expect[name] !== undefined)
    .map((name) => reading[name].probability);
  const people = reading.characters.filter(({ name }) => expect.characters?.includes(name));
  const all = [...singly, ...people.map((one) => one.probability)].reduce((product, p) => product * p, 1);
  return all >= probability ? {} : { no: `all of it: likely to ${all.toFixed(2)} only` };
}

function characters(asked: readonly string[], seen: readonly string[]): Answer {
  const missing = asked.filter((name) => !seen.includes(name));
  const extra = seen.filter((name) => !asked.includes(name));
  if (missing.length === 0 && extra.length === 0) return {};
  return { no: `characters: asked for ${list(asked)}, saw ${list(seen)}` };
}

const list = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'none');

function single(
  what: string,
  asked: string,
  seen: { name: string; probability: number },
  probability: number,
): Answer {
  if (seen.probability < probability) return { no: `${what}: asked for ${asked}, could not be made out` };
  return seen.name === asked ? {} : { no: `${what}: asked for ${asked}, saw ${seen.name}` };
}

function copied({ copyDistance, nearestClip }: CheckLine, limit: number | null): Answer {
  if (copyDistance === null || limit === null)
    return { unknown: 'copying: no training clips to compare with' };
  if (copyDistance > limit) return {};
  const clip = nearestClip ? ` ${nearestClip.slice(0, 12)}` : '';
  return {
    no: `copy: ${copyDistance.toFixed(2)} from training clip${clip}, must exceed ${limit.toFixed(2)}`,
  };
}

function moves({ motion }: CheckLine, { action }: Expect, limits: Limits): Answer {
  if (action === undefined) return {};
  const range = limits.motion[action];
  return range ? inside('motion', motion, range) : { unknown: `motion: no limits for "${action}"` };
}

function inside(what: string, value: number, [low, high]: readonly [number, number]): Answer {
  if (value >= low && value <= high) return {};
  return { no: `${what}: ${value.toFixed(2)}, must lie in ${low.toFixed(2)} to ${high.toFixed(2)}` };
}
