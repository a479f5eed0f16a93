import type { Unlock } from '../rights/index.ts';
import { askedWords } from './schema.ts';

/** Answers, and places of each, that people are shown. */
const SHOWN = 20;

const minutesOf = (minutes: number): string => `${minutes.toFixed(1)} min`;
const shotsOf = (count: number): string => (count === 1 ? '1 shot' : `${count} shots`);

export function unlockWords({ allowed, barred, answers, notice, ...asked }: Unlock): string {
  return [
    `${askedWords(asked)}: ${shotsOf(allowed.shots)} may be used, ${minutesOf(allowed.minutes)}`,
    ...answers.slice(0, SHOWN).flatMap(answerWords),
    ...(answers.length > SHOWN ? [`and ${answers.length - SHOWN} more: --json lists them all`] : []),
    `${shotsOf(barred.shots)} (${minutesOf(barred.minutes)}) refused, forbidden, withdrawn or permitted to somebody else alone: no answer frees them. ${notice}`,
  ].join('\n');
}

type Answer = Unlock['answers'][number];

const answerWords = ({ minutes, shots, questions, coverage }: Answer): string[] => [
  `+${minutesOf(minutes)}, ${shotsOf(shots)}: ${questions.map(({ says }) => says).join(' and ')}`,
  ...coverage.slice(0, SHOWN).map(placeWords),
  ...(coverage.length > SHOWN ? [`    and ${coverage.length - SHOWN} more places`] : []),
];

const placeWords = ({ title, set, time, light, before, after }: Answer['coverage'][number]): string =>
  `    ${[title, set, time ?? light].filter((part) => part !== null).join(', ')}: ${before} -> ${shotsOf(after)}`;
