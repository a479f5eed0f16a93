import type { CheckLine } from '../contract/index.ts';
import type { Expect } from '../generate/index.ts';
import type { CheckVerdict, Limits } from './schema.ts';

/** What the checker answers where it can make out nobody. */
const NOBODY = 'nobody';

export interface Judgement {
  verdict: CheckVerdict;
  reasons: string[];
}

/** One question about a take: the reasons why not, null where it is answered well, or why it cannot be answered. */
interface Answer {
  no?: string[];
  unknown?: string;
}

/**
 * Whether a take is usable: what was asked is likely, all of it at once, AND somebody stands out from the place AND there is
 * enough of a body in the colours of who was asked for AND it is not a copy AND it moves as asked AND sharpness, flicker and the
 * seams between blocks lie inside the limits. Where one of these cannot be judged, and none is wrong, the take is `unchecked`.
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
    attributes(reading, expect, limits),
    standsOut(reading, limits),
    ownColours(reading, expect, limits),
    copied(reading, copyLimit),
    moves(reading, expect, limits),
    inside('sharpness', reading.sharpness, limits.sharpness),
    inside('seams', reading.seams, limits.seams),
    inside('flicker', reading.flicker, flickerRange(expect, limits)),
  ]);
}

function judged(answers: Answer[]): Judgement {
  const wrong = answers.flatMap(({ no }) => no ?? []);
  const open = answers.flatMap(({ unknown }) => unknown ?? []);
  if (wrong.length > 0) return { verdict: 'not usable', reasons: wrong };
  return { verdict: open.length > 0 ? 'unchecked' : 'usable', reasons: open };
}

const singles = ['set', 'action', 'camera', 'time'] as const;

/** What was asked of one attribute, how likely the checker holds it to be, and what it saw in its place. */
interface Asked {
  what: string;
  asked: string;
  chance: number;
  saw: string | null;
}

/** Each attribute alone may be a little likely: the take is right only where all of them at once are. */
function attributes(reading: CheckLine, expect: Expect, limits: Limits): Answer {
  const { probability: least } = limits;
  const asked = [...characters(reading, expect), ...shot(reading, expect)];
  const others = otherNames(expect, limits);
  const all = asked.reduce((product, one) => product * oneOfTheTitle(one, reading, others, limits), 1);
  if (all >= least) return {};
  const missed = asked.filter(({ saw }) => saw !== null).map(missing);
  return { no: missed.length > 0 ? missed : [`all of it: likely to ${all.toFixed(2)} only`] };
}

/** Names of titles of which nobody and nothing was asked for; none where nobody said which names are of one title. */
function otherNames({ characters: who = [], set }: Expect, { titles = [] }: Limits): Set<string> {
  const asked = (name: string) => who.includes(name) || name === set;
  const own = titles.filter((names) => names.some(asked));
  return new Set(own.length === 0 ? [] : titles.filter((names) => !own.includes(names)).flat());
}

/** How likely it is once names of other titles are held less likely: a model that was asked for one title seldom draws another. That nobody is seen is no title's. */
function oneOfTheTitle(
  { what, asked, chance }: Asked,
  { likely }: CheckLine,
  others: ReadonlySet<string>,
  { otherTitles = 1 }: Limits,
): number {
  if (asked === NONE) return chance;
  const of = Object.entries(likely[what === 'characters' ? 'character' : what] ?? {});
  const foreign = of.reduce((sum, [name, its]) => (others.has(name) ? sum + its : sum), 0);
  return chance / (1 - foreign * (1 - 1 / otherTitles));
}

function characters({ characters: seen, likely }: CheckLine, { characters: asked }: Expect): Asked[] {
  const chances = likely.character ?? {};
  const shown = list(seen.map(({ name }) => name));
  return (asked?.length === 0 ? [NOBODY] : (asked ?? [])).map((name) => {
    const found = seen.some((one) => one.name === name) || (name === NOBODY && seen.length === 0);
    return {
      what: 'characters',
      asked: list(asked ?? []),
      chance: chances[name] ?? 0,
      saw: found ? null : shown,
    };
  });
}

const shot = (reading: CheckLine, expect: Expect): Asked[] =>
  singles.flatMap((what) => {
    const asked = expect[what];
    if (asked === undefined) return [];
    const { name } = reading[what];
    return [{ what, asked, chance: reading.likely[what]?.[asked] ?? 0, saw: name === asked ? null : name }];
  });

const missing = ({ what, asked, saw }: Asked): string => `${what}: asked for ${asked}, saw ${saw}`;

const NONE = 'none';
const list = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : NONE);

/** Limits of checkers that do not look for a body say nothing of it. */
function standsOut({ figure }: CheckLine, { figure: least }: Limits): Answer {
  if (least === undefined || figure >= least) return {};
  return { no: [`figure: stands out by ${figure.toFixed(1)} grey levels, must by ${least.toFixed(1)}`] };
}

/** Smears stand out too, but hardly in anybody's colours. Of a person whose colours nobody measured nothing can be said. */
function ownColours(reading: CheckLine, { characters = [] }: Expect, limits: Limits): Answer {
  if (limits.body === undefined) return {};
  const { bodies } = reading;
  const no = characters.flatMap((name) => tooLittle(name, reading, limits));
  if (no.length > 0) return { no };
  const unmeasured = characters.filter((name) => bodies[name] === undefined);
  return unmeasured.length > 0 ? { unknown: `body: nobody measured the colours of ${list(unmeasured)}` } : {};
}

/** Some stand out less by day or by night in true clips too: as large a share of what those have is enough. */
function tooLittle(
  name: string,
  { bodies, bodyShares }: CheckLine,
  { body: least = 0, bodyShare: leastShare = Number.POSITIVE_INFINITY }: Limits,
): string[] {
  const most = bodies[name] ?? least;
  const share = bodyShares[name];
  if (most >= least || (share ?? 0) >= leastShare) return [];
  const must = `body: ${most.toFixed(2)} of one in the colours of ${name}, must be ${least.toFixed(2)}`;
  if (share === undefined || !Number.isFinite(leastShare)) return [must];
  return [
    `${must}, or ${leastShare.toFixed(3)} of what true clips have of them at that time, is ${share.toFixed(3)}`,
  ];
}

function copied({ copyDistance, nearestClip }: CheckLine, limit: number | null): Answer {
  if (copyDistance === null || limit === null)
    return { unknown: 'copying: no training clips to compare with' };
  if (copyDistance > limit) return {};
  const clip = nearestClip ? ` ${nearestClip.slice(0, 12)}` : '';
  return {
    no: [`copy: ${copyDistance.toFixed(2)} from training clip${clip}, must exceed ${limit.toFixed(2)}`],
  };
}

function moves({ motion }: CheckLine, { action }: Expect, limits: Limits): Answer {
  if (action === undefined) return {};
  const range = limits.motion[action];
  return range ? inside('motion', motion, range) : { unknown: `motion: no limits for "${action}"` };
}

/** A camera that stands still flickers less than one that pans; models that learned little flicker more than either. */
function flickerRange({ camera = '' }: Expect, { flicker, flickerMost = {} }: Limits): [number, number] {
  const [low, high] = flicker;
  return [low, Math.min(high, flickerMost[camera] ?? high)];
}

function inside(what: string, value: number, [low, high]: readonly [number, number]): Answer {
  if (value >= low && value <= high) return {};
  return { no: [`${what}: ${value.toFixed(2)}, must lie in ${low.toFixed(2)} to ${high.toFixed(2)}`] };
}
