import { type CaptionAlarm, captionRepeats as repeats } from './caption-schema.ts';
import { tokens } from './index-rows.ts';

/** Captions of one source that begin alike: this many of them, and at least this share of them all. */
const openingWords = 4;
const fewest = 10;
const openingShare = 0.5;

export interface CaptionedShot {
  title: string;
  caption: string;
  source: string;
}

/**
 * Captions that say nothing of their shot: the same for several shots of a title, or one beginning for most of a source.
 * What was measured is no caption that anybody wrote, and counts by its source already.
 */
export function captionAlarms(shots: readonly CaptionedShot[]): CaptionAlarm[] {
  const said = shots.filter(({ source }) => source !== 'facts');
  const repeated = repeatedIn(said);
  const bySource = Map.groupBy(said, ({ source }) => source);
  return [...repeated, ...[...bySource].flatMap(([source, own]) => boilerplateIn(source, own))];
}

function repeatedIn(said: readonly CaptionedShot[]): CaptionAlarm[] {
  const groups = Map.groupBy(said, ({ title, caption }) => `${title}\n${tokens(caption).join(' ')}`);
  const repeated = [...groups.values()].filter((own) => own.length >= repeats);
  if (repeated.length === 0) return [];
  const shots = repeated.reduce((sum, own) => sum + own.length, 0);
  const most = repeated.reduce((a, b) => (b.length > a.length ? b : a));
  const message = `${shots} of ${said.length} shots have the same words as at least ${repeats - 1} others of their title, in ${repeated.length} texts; most often “${short(most[0]?.caption ?? '')}” (${most.length})`;
  return [{ rule: 'caption-repeated', shots, message }];
}

function boilerplateIn(source: string, own: readonly CaptionedShot[]): CaptionAlarm[] {
  // Few texts that are repeated are the other alarm.
  const texts = [...new Map(own.map(({ caption }) => [tokens(caption).join(' '), caption])).values()];
  const openings = Map.groupBy(texts, (caption) => tokens(caption).slice(0, openingWords).join(' '));
  const alike = [...openings.entries()].filter(
    ([, same]) => same.length >= fewest && same.length >= openingShare * texts.length,
  );
  return alike.map(([opening, same]) => ({
    rule: 'caption-boilerplate',
    shots: same.length,
    message: `${same.length} of ${texts.length} captions from ${source} begin with “${opening}”`,
  }));
}

const shown = 80;
const short = (text: string): string => (text.length > shown ? `${text.slice(0, shown - 1)}…` : text);
