import type { Verification } from './schema.ts';
import { isChanged } from './unhashed.ts';

type Box = NonNullable<Verification['unhashed']>['boxes'][number];

/** What a box is to people; none of them is picture or sound. */
const MEANING: Record<string, string> = {
  ftyp: 'what kind of MP4 the file says it is',
  free: 'room that players pass over, whatever stands in it',
  skip: 'room that players pass over, whatever stands in it',
  mfra: 'an index by which players jump about in it',
  uuid: 'a further one of the kind that holds the manifest, which programs pass over',
};

/** What is known of boxes outside of C2PA's hash, in sentences; none where all is as it was signed, or no Backlot signed the file. */
export function unhashedWords({ unhashed, lineages }: Pick<Verification, 'unhashed' | 'lineages'>): string[] {
  if (!unhashed) return [];
  if (isChanged(unhashed)) return changedWords(unhashed);
  const unknown = unhashed.boxes.filter(({ asSigned, box }) => asSigned === null && box !== 'ftyp');
  if (unknown.length === 0 || lineages.length === 0) return [];
  const boxes = unknown.map((one) => `${placed(one)}`).join(', ');
  return [
    `C2PA does not hash ${boxes}, and the signature, one of an earlier Backlot, does not say what there was: whether somebody put something there is not known.`,
  ];
}

/** A box that was changed is there otherwise, and gone as it was: that is said once. */
function changedWords({ boxes, gone }: NonNullable<Verification['unhashed']>): string[] {
  const added = boxes.filter(({ asSigned }) => asSigned === false);
  const lost = gone.filter(({ box }) => !added.some((one) => one.box === box));
  return [
    ...added.map(addedWords),
    ...lost.map(
      ({ box, bytes }) =>
        `A \`${box}\` box of ${bytes} bytes that it had when it was signed is not there any more.`,
    ),
  ];
}

const addedWords = (one: Box): string =>
  `Not so when it was signed: ${placed(one)} (${MEANING[one.box] ?? 'not picture or sound'}). It was added or changed since, and C2PA does not hash it.`;

const placed = ({ box, bytes, offset }: Box): string =>
  `a \`${box}\` box of ${bytes} bytes at byte ${offset}`;
