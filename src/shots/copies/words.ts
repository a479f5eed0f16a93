import type { Duplicates, Kept, Why } from './schema.ts';

type Member = Duplicates['groups'][number][number];

export function duplicatesInWords({
  groups,
  shots,
  tooShort,
  tooFlat,
  filesNotCompared,
}: Duplicates): string {
  const lines = groups.flatMap((members, i) => [`${i + 1}.`, ...members.map(memberInWords)]);
  const missing = filesNotCompared.map((file) => `not compared: ${file} (run backlot shots detect)`);
  const head = `${groups.length} groups of copies among ${shots} shots`;
  const short = tooShort > 0 ? `, ${tooShort} of them too short to compare` : '';
  const dim = tooFlat > 0 ? `, ${tooFlat} too flat (nearly black or of one colour)` : '';
  const next = groups.length > 0 ? ['backlot shots keep SHOT says which stays.'] : [];
  return [...lines, ...missing, `${head}${short}${dim}.`, ...next].join('\n');
}

function memberInWords({
  shot,
  title,
  inTimecode,
  frames,
  copyOf,
  by,
  why,
  kinds,
  similarity,
}: Member): string {
  const what = `${shot}  ${inTimecode}  ${frames} frames  ${title}`;
  if (copyOf === null) return `  stays     ${what}`;
  const how = kinds.length > 0 ? kinds.join(', ') : 'as it is';
  return `  left out  ${what}  copy of ${copyOf} (${how}, ${similarity}; by ${by}${why === null ? '' : `: that one ${reasons[why]}`})`;
}

const reasons: Record<Why, string> = {
  'one shot': 'is one shot, where this one may be two taken for one',
  longer: 'is longer',
  progressive: 'is progressive, or telecined where the other is interlaced',
  'whole picture': 'shows the whole picture',
  'larger picture': 'has the larger picture',
  'as most copies show it': 'is as most copies are, not mirrored, regraded or retimed',
  'more bits': 'has more bits a second',
  'first of equals': 'is equal, the first by content',
};

export const keptInWords = ({ shots, leftOut }: Kept): string =>
  [
    `${shots.join(', ')}: ${shots.length === 1 ? 'stays' : 'stay'}`,
    leftOut.length > 0 ? `left out: ${leftOut.join(', ')}` : 'no copy of it is left out',
  ].join('\n');
