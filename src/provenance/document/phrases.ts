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

/** What was done to the films before anything learned from them, and for what. */
export function processingWords({ snapshot }: DatasetFacts): string[] {
  const { soften, frames, width, height, fps, hdr, text } = snapshot.options;
  return [
    `Dataset ${snapshot.id}: films cut into shots, so that each is decided and learned by itself; black bars cut off and pixels made square, so that no borders and no wrong shapes are learned; interlaced film deinterlaced and telecine undone, so that no combed or repeated frames are.`,
    ...(hdr === 'tone-map'
      ? ['HDR films tone-mapped to BT.709, so that all are seen in one range of light.']
      : []),
    `Clips of ${frames} frames of ${width} x ${height} pixels at ${fps} a second by nearest timestamp, the size that the model draws${soften > 0 ? `; blurred by ${soften} pixels, as the base's codec carries nothing finer` : ''}.`,
    `Left out before training: shots that were not cleared, so that nothing is learned that the ledger does not permit, by reason: ${countsWords(snapshot.rights.reasons)}.`,
    `Left out so that what cannot be learned well or would be learned twice is not${text === 'refuse' ? ', nor writing in the picture' : ''}: cleared shots without a clip: ${countsWords(snapshot.skipped.shots)}; clips: ${countsWords(snapshot.skipped.clips)}.`,
  ];
}

/** What trainings themselves did with the clips. */
export const trainingWords = ({ trainings }: ModelFacts): string[] =>
  trainings.flatMap(({ model, job }) =>
    job?.mirror
      ? [
          `Training of ${model.kind} "${model.name}": each clip was learned mirrored too, with left and right exchanged in its caption, so that few clips show more.`,
        ]
      : [],
  );

/** Captions that a model wrote are data that a model made; which one wrote them is told where it is recorded. */
export const modelCaptions = ({ datasets }: ModelFacts): string[] =>
  datasets.flatMap(({ snapshot, writers }) => {
    const count = snapshot.captions.model ?? 0;
    if (count === 0) return [];
    const by = writers.length > 0 ? [] : [notKnown(`which model wrote captions of dataset ${snapshot.id}`)];
    const named = writers.length > 0 ? `, by ${writers.join(', ')}` : '';
    return [
      `Captions of ${count} clips of dataset ${snapshot.id} were written by a model${named}, so that shots nobody described are learned with words.`,
      ...by,
    ];
  });

/** What made the pictures before the studio's films, as far as it is known. */
export const baseWords = (facts: ModelFacts): string[] =>
  orNone(
    [...renderedBases(facts), ...facts.outside.flatMap(outsideWords)],
    notKnown('what the model was made from'),
  );

export const renderedBases = ({ chain, rendered }: ModelFacts): string[] =>
  rendered.map((base) => renderedWords(base, chain));

/** A model from scratch takes its codec alone from its base. */
function renderedWords(base: ModelLineage, chain: readonly ModelLineage[]): string {
  const codecOnly = chain[chain.indexOf(base) - 1]?.kind === 'scratch';
  return `Base "${base.name}" (sha256 ${base.sha256}): came with Backlot; ${codecOnly ? 'the model has its codec alone, which was fitted to' : 'it was trained on'} worlds that a program rendered for it and that no studio owns.`;
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
