import { widePrimaries } from '../media/index.ts';
import type { FilmFacts } from './schema.ts';

/** Seconds by which a declared duration may miss the decoded one before it is worth a word. */
const durationSlack = 0.5;

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
    [facts.formatChanges > 0, 'format-changes'],
  ];
  return flags.filter(([holds]) => holds).map(([, flag]) => flag);
}
