import type { Arm, Interval, Report } from '../schema.ts';

/** Numbers and names as people read them. */

export const percent = (share: number): string => `${Math.round(share * 100)}\u00a0%`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** 150 as "2 min 30 s". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const shown =
    hours > 0 ? [`${hours} h`, `${minutes} min`] : [`${minutes} min`, rest > 0 ? `${rest} s` : ''];
  return shown.filter(Boolean).join(' ');
}

/** Captions are written for a model, with spaces before their commas; people read them without. */
export const plain = (caption: string): string => caption.replace(/\s+([,.;])/g, '$1');

const armTitles: Record<string, string> = {
  base: 'Base, as it ships',
  scratch: 'From scratch',
  adapter: 'Adapter on the base',
};
export const armTitle = (name: string): string => armTitles[name] ?? name;

/** What each arm is, in half a sentence. */
export function armSubtitle(name: string, trainSeconds: number | null): string {
  if (name === 'base') return 'never saw this catalogue';
  if (trainSeconds === null) return 'for how long it was trained is not known here';
  const time = duration(trainSeconds);
  if (name === 'scratch') return `trained ${time} on this catalogue alone`;
  return name === 'adapter' ? `base, adapted ${time} to this catalogue` : `trained ${time}`;
}

const reasonWords: Record<string, string> = {
  no_grant: 'Nobody has granted anything for it',
  expired: 'The grant has run out',
  territory: 'Not granted for this territory',
  use_not_granted: 'Granted, but not for training',
  consent_refused: 'A performer said no',
  unknown: 'Nothing is known about its rights',
};
export const reasonTitle = (reason: string): string => reasonWords[reason] ?? reason.replaceAll('_', ' ');

/** What was asked of the models: their rates compare only where it was the same. */
export function briefsWords(arms: readonly Arm[], takes: Report['takes']): string {
  const [first = new Set(), ...others] = arms.map(({ name }) => briefsOf(takes, name));
  const most = plural(Math.max(...arms.map(({ briefs }) => briefs)), 'brief');
  if (others.length === 0) return `The model was asked for ${most}.`;
  if (others.every((one) => one.size === first.size && [...one].every((brief) => first.has(brief))))
    return `Each model got the same ${most}.`;
  const counts = arms.map(({ name, briefs }) => `${armTitle(name)} ${briefs}`).join(', ');
  return `The models got different briefs (${counts}), so their rates say little about which is better.`;
}

const briefsOf = (takes: Report['takes'], arm: string): Set<string> =>
  new Set(takes.flatMap((take) => (take.arm === arm ? take.brief : [])));

/** Of the briefs of each arm, how many takes the one with the fewest has. */
export const fewestTakes = (takes: Report['takes']): number =>
  Math.min(...[...Map.groupBy(takes, ({ arm, brief }) => `${arm} ${brief}`).values()].map((of) => of.length));

export const range = ({ low, high }: Interval): string => `${percent(low)} to ${percent(high)}`;

/** The one sentence at the top: what came of it. */
export function headline(report: Report): string {
  const best = bestArm(report);
  if (report.takes.length === 0) return 'No takes were made';
  if (!best?.usableAt4) return `${plural(report.takes.length, 'take')}, waiting for your eyes`;
  const found = Math.round(best.usableAt4.value * best.briefs);
  if (found === 0) return `None of ${best.briefs} briefs got a usable shot`;
  return `${found} of ${best.briefs} briefs got a usable shot from the ${best.name === 'scratch' ? 'model from scratch' : best.name}`;
}

/** Columns and bars in the order of the argument: what was there, what training alone gives, what Backlot gives. */
const armOrder = ['base', 'scratch', 'adapter'];
export const inArmOrder = (arms: readonly Arm[]): Arm[] =>
  [...arms].sort((a, b) => armOrder.indexOf(a.name) - armOrder.indexOf(b.name));

/** The arm that most often found a usable take; null where nothing was judged. */
export function bestArm({ arms }: Pick<Report, 'arms'>): Arm | undefined {
  const judged = arms.filter((arm) => arm.usableAt4);
  return judged.sort((a, b) => (b.usableAt4?.value ?? 0) - (a.usableAt4?.value ?? 0))[0];
}
