import type { Found, FoundTake } from './find-schema.ts';
import { UNRELATED } from './print/distance.ts';

/** Less than this is what a copy's encoder does to its edges. */
const CROPPED = 0.01;

/** What was found, in sentences, the nearest take first. */
export function foundWords(found: Omit<Found, 'words'>): string[] {
  const { matches, unprinted } = found;
  const left = unprinted.length > 0 ? [`${unprinted.length} takes could not be compared: see --json.`] : [];
  const said =
    matches.length === 0
      ? noneWords(found)
      : [...matches.flatMap(takeWords), ...alikeWords(found), sureness(found)];
  return [...said, ...left];
}

/** A part of a file is a copy of one take: where two are as near as copies are, that is said, and the nearer is not called proven. */
function alikeWords({ matches, still }: Omit<Found, 'words'>): string[] {
  if (still)
    return matches.length > 1
      ? [
          'It is a picture of one of these, most likely of the first: takes that show nearly the same cannot be told apart by one picture. Look at them.',
        ]
      : [];
  const behind = matches.filter((match, n) => matches.slice(0, n).some((nearer) => overlap(nearer, match)));
  return behind.map(
    ({ take }) =>
      `Take ${take} is about as like a part of the file as a nearer one: it is a copy of one of them, most likely of the nearer. Look at both.`,
  );
}

/** More than half of the shorter part lies in the other. */
function overlap(a: FoundTake, b: FoundTake): boolean {
  const shared = Math.min(a.from + a.seconds, b.from + b.seconds) - Math.max(a.from, b.from);
  return shared > Math.min(a.seconds, b.seconds) / 2;
}

function noneWords({ compared, nearest, threshold, still }: Omit<Found, 'words'>): string[] {
  const near =
    nearest && nearest.distance < UNRELATED
      ? ` The nearest is ${nearest.take} at ${shown(nearest.distance)}, over the limit of ${threshold} grey levels.`
      : '';
  const what = still ? 'a picture' : 'a copy';
  return [`It is ${what} of none of the ${compared} takes that were compared.${near}`];
}

function takeWords(match: FoundTake): string[] {
  const { take, brief, text, seed, distance, recordDigest, withdrawn } = match;
  const said = text === '' ? '' : `, "${text}"`;
  const what = match.moment === null ? 'A copy' : 'A picture';
  return [
    `${what} of take ${take} (brief ${brief}, seed ${seed}${said}), ${placeWords(match)}: distance ${shown(distance)}${cropWords(match)}.`,
    recordDigest
      ? `Its record: sha256 ${recordDigest}; \`backlot provenance show ${take}\` reads it.`
      : `It was never signed; \`backlot provenance show ${take}\` says where it came from.`,
    ...withdrawn.map(
      ({ row, at }) => `WITHDRAWN: ${row}, withdrawn ${at.slice(0, 10)}, has reached this take.`,
    ),
  ];
}

const placeWords = ({ from, seconds, moment }: FoundTake): string =>
  moment === null
    ? `from second ${from.toFixed(2)} for about ${seconds.toFixed(2)} s`
    : `about second ${moment.toFixed(2)} of it`;

function cropWords({ cropped }: FoundTake): string {
  const sides = Object.entries(cropped).filter(([, share]) => share >= CROPPED);
  if (sides.length === 0) return '';
  return `; cut off ${sides.map(([side, share]) => `${(share * 100).toFixed(1)} % ${side}`).join(', ')}`;
}

function sureness({ threshold, measured, still }: Omit<Found, 'words'>): string {
  const { found, copies, falseMatches, pairs, rateBelow, alike } = measured;
  const [what, others] = still
    ? ['Pictures', 'with takes of other briefs']
    : ['Copies', 'that were no copies'];
  const near = alike
    ? `, and ${alike.within} of ${alike.pairs} with other takes of their brief, among ${alike.takes} takes`
    : ` (under ${rateBelow} a pair)`;
  return (
    `${what} are called so up to a distance of ${threshold} grey levels: ${found} of ${copies} were found so, and ` +
    `${falseMatches} of ${pairs} pairs ${others} were taken for one${near}, on ` +
    'rendered clips. It is a likeness, not a proof.'
  );
}

const shown = (distance: number): string => distance.toFixed(2);
