import type { ModelLineage } from '../schema.ts';
import type { DatasetFacts, ModelFacts } from './facts.ts';

/** Sentences that several documents share, each from what is recorded. */

/** Begins a line that a person must write. */
export const notKnown = (what: string): string => `Not known here: ${what}.`;

export const isOpen = (line: string): boolean => line.startsWith('Not known here:');

export const orNone = (lines: readonly string[], none: string): string[] =>
  lines.length > 0 ? [...lines] : [none];

/** A line of a name for each of some words. */
export const lines = (name: string, words: readonly string[]): string[] =>
  words.map((one) => `${name}: ${one}`);

/** Hours with three digits: a small catalogue has minutes. */
export const hoursWords = (hours: number): string => `${Number(hours.toPrecision(3))} hours`;

export function sizeWords({ snapshot, shots, hours }: DatasetFacts): string {
  const { train, heldout } = snapshot.clips;
  const { frames, width, height, fps } = snapshot.options;
  const long = hours === null ? 'of which the hours are not known here' : `${hoursWords(hours)} of film`;
  return `Dataset ${snapshot.id}: ${train} clips to learn from and ${heldout} held out, of ${shots} shots, ${long}; each clip ${frames} frames of ${width} x ${height} pixels at ${fps} a second, without sound.`;
}

/** Titles of which nobody here can say who owns them; a dataset without any owner is told of by itself. */
export function ownersUnknown(dataset: DatasetFacts): string[] {
  const { unnamed, snapshot } = dataset;
  if (unnamed.length > 0) return [`who owns the films of ${unnamed.join(', ')} in dataset ${snapshot.id}`];
  return dataset.holders.length > 0 ? [] : [`who owns the films of dataset ${snapshot.id}`];
}

/** A title of the ledger by the catalogue's name for it, where they are called alike. */
export const titleName = ({ titles }: DatasetFacts['lineage'], id: string): string =>
  titles.find(({ name }) => name.toLowerCase() === id.toLowerCase())?.name ?? id;

export const captionWords = ({ snapshot }: DatasetFacts): string =>
  `Captions by source: ${countsWords(snapshot.captions)}.`;

export const countsWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'none';

/** What was done to the films before anything learned from them. */
export function processingWords({ snapshot }: DatasetFacts): string[] {
  const { soften, frames, fps, hdr } = snapshot.options;
  const mapped = hdr === 'tone-map' ? 'HDR films tone-mapped to BT.709, ' : '';
  return [
    `Dataset ${snapshot.id}: films cut into shots, black bars cut off, pixels made square, interlaced film deinterlaced, telecine undone, ${mapped}clips of ${frames} frames at ${fps} a second by nearest timestamp, blurred by ${soften} pixels.`,
    `Left out before training: shots that were not cleared, by reason: ${countsWords(snapshot.rights.reasons)}; cleared shots without a clip: ${countsWords(snapshot.skipped.shots)}; clips: ${countsWords(snapshot.skipped.clips)}.`,
  ];
}

/** What made the pictures before the studio's films, as far as it is known. */
export function baseWords({ chain, rendered, outside }: ModelFacts): string[] {
  const base = chain.find(({ kind }) => kind === 'base');
  const shipped =
    rendered && base
      ? [
          `Base "${base.name}" (sha256 ${base.sha256}): ships with Backlot and was trained on worlds that a program rendered for it.`,
        ]
      : [];
  return orNone([...shipped, ...outside.flatMap(outsideWords)], notKnown('what the model was made from'));
}

/** A person's word is told as one, and what would prove it stays open. */
function outsideWords(model: ModelLineage): string[] {
  const what = `what ${model.kind} "${model.name}" (sha256 ${model.sha256}) was trained on`;
  return [
    ...declaredWords(model),
    notKnown(model.origin ? `proof of ${what}` : `${what}; its own card says so`),
  ];
}

/** What was declared of a model from outside (ADR 0108); nothing where nobody did. Who recorded it stays in the workspace. */
export function declaredWords({ kind, name, origin }: ModelLineage): string[] {
  if (!origin) return [];
  const { maker, licence, learnedFrom, at } = origin;
  return [
    `Declared ${at.slice(0, 10)}, not proved: ${kind} "${name}" learned from ${learnedFrom}; made by ${maker}, licence ${licence}.`,
  ];
}

export const acquiredWords = ({ snapshot, acquired }: DatasetFacts): string =>
  acquired
    ? `Dataset ${snapshot.id}: films catalogued from ${acquired.first} to ${acquired.last}, frozen ${snapshot.frozenAt.slice(0, 10)}.`
    : notKnown(`when the films of dataset ${snapshot.id} were acquired`);
