import { hasAlpha, widePrimaries } from '../media/index.ts';
import type { FilmFacts } from './schema.ts';

/** Seconds by which a declared duration may miss the decoded one before it is worth a word. */
const durationSlack = 0.5;

/** What is taken for granted of a film's picture, or left aside, and what that may do to it. */
export const grantedWords = {
  'format-changes':
    'its picture changes size or format on the way: all of it is brought to that of its first frames, which distorts what had another shape',
  'alpha-ignored': 'it has transparency, which is not looked at: colours that it hides are seen',
  'light-assumed':
    'its DPX pictures do not say how their light is coded: it is taken for graded, and looks flat if it is logarithmic',
  'first-part-only': 'its EXR pictures have several parts, of which the first alone is seen',
} as const;
export type Granted = keyof typeof grantedWords;

export const grantedOf = ({ formatChanges, pixelFormat, sequence }: FilmFacts): Granted[] => [
  ...(formatChanges > 0 ? (['format-changes'] as const) : []),
  ...(hasAlpha(pixelFormat) ? (['alpha-ignored'] as const) : []),
  ...(sequence?.granted ?? []),
];

/** What a person should know of a film at a glance, in words. */
export function flagsOf(facts: FilmFacts, unmapped: boolean): string[] {
  const { decodedSeconds, declaredSeconds } = facts;
  const excess = (declaredSeconds ?? decodedSeconds) - decodedSeconds;
  const flags: [boolean, string][] = [
    [unmapped, 'unmapped'],
    [facts.damaged !== null, 'damaged'],
    [facts.variableRate && !facts.timeGaps, 'variable-rate'],
    [Boolean(facts.timeGaps), 'time-gaps'],
    [facts.timestamps === 'counted' && facts.sequence === null, 'no-timestamps'],
    [Boolean(facts.unreadTimecode), 'timecode-unread'],
    [facts.sequence !== null, 'image-sequence'],
    [facts.sequence?.rate === 'assumed', 'rate-assumed'],
    [(facts.sequence?.contradicts ?? []).length > 0, 'headers-contradict'],
    [facts.sequence?.light === 'linear', 'linear-light'],
    [facts.interlaced, 'interlaced'],
    [Boolean(facts.fieldsSeen), `fields-${facts.fieldsSeen}`],
    [Boolean(facts.telecine), `telecine-${facts.telecine?.kind}`],
    [facts.hdr !== null, `hdr-${facts.hdr}`],
    [widePrimaries(facts) !== null, `colours-${widePrimaries(facts)}`],
    [(facts.bitDepth ?? 8) > 8, `${facts.bitDepth}-bit`],
    [facts.rotation !== 0, `rotated-${facts.rotation}`],
    [facts.sampleAspect !== '1:1', 'anamorphic'],
    [excess > durationSlack, 'declares-longer'],
    [excess < -durationSlack, 'declares-shorter'],
  ];
  return [...flags.filter(([holds]) => holds).map(([, flag]) => flag), ...grantedOf(facts)];
}
