import type { ModelFacts } from './facts.ts';
import { notKnown } from './phrases.ts';
import type { Rehearsed, TrainingFacts } from './trainings.ts';

/** What regulators' documents say of clips that no studio owns and that trainings kept in their batches. */
export type About = keyof typeof about;

const LICENCE = "Backlot's licence (Apache-2.0)";

const about = {
  source: `clips that a program rendered and that no studio owns; they come with Backlot, under ${LICENCE}`,
  purpose: 'keep in the adapter what its base knows',
  types: "clips as latents of the base's codec, labelled with the words by which they were drawn",
  protection: `no studio's; they come under ${LICENCE}`,
  licence: `not bought; they come with Backlot, under ${LICENCE}`,
  people: 'figures that a program drew, and no person',
  consumers: 'none',
  processing: "encoded by the base's codec, as the dataset's clips are, so that both are learned alike",
  collected: 'drawn by a program, not collected',
  used: 'first used no later than the dataset of the same training',
  synthetic: 'pictures that a program rendered, so that an adapter keeps what its base knows',
};

const worldsName = ({ sha256 }: Rehearsed): string => `Backlot's rendered worlds (sha256 ${sha256})`;

/** What is so of these clips; nothing where no training had any, and open where they came with no Backlot that is known here. */
export function rehearsedWords({ trainings }: ModelFacts, what: About): string[] {
  const told = trainings.flatMap(({ model, job, rehearsed }) => {
    if (!job)
      return [
        notKnown(
          `${heads[what]} that the training of ${model.kind} "${model.name}" had beside its dataset, if any: its job is not here, or was changed`,
        ),
      ];
    if (!rehearsed) return [];
    return rehearsed.clips === null
      ? [strange(rehearsed, what)]
      : [`${worldsName(rehearsed)}: ${about[what]}.`];
  });
  return [...new Set(told)];
}

const heads: Record<About, string> = {
  ...{ source: 'source and owners of clips', purpose: 'purpose of clips', types: 'types of clips' },
  ...{
    protection: 'protection of clips',
    licence: 'licence of clips',
    people: 'personal information in clips',
  },
  ...{ consumers: 'consumer information in clips', processing: 'processing of clips' },
  ...{ collected: 'time of collection of clips', used: 'first use of clips', synthetic: 'synthetic clips' },
};

const strange = ({ sha256 }: Rehearsed, what: About): string =>
  notKnown(
    `${heads[what]} of ${sha256 === null ? 'another dataset' : `the folder with sha256 ${sha256}`} that a training kept in its batches`,
  );

/** How many there are, and how much of the batches they were. */
export const rehearsedSizes = ({ trainings }: ModelFacts): string[] => trainings.flatMap(sizeOf);

function sizeOf({ model, job, rehearsed }: TrainingFacts): string[] {
  if (!job)
    return [
      notKnown(`how many clips the training of ${model.kind} "${model.name}" had beside its dataset, if any`),
    ];
  if (!rehearsed) return [];
  const { clips, aBatch } = rehearsed;
  const { batch, steps } = job;
  const share = Number(((100 * aBatch) / batch).toPrecision(3));
  const shown = `${aBatch} of the ${batch} clips of each batch (${share} %) of the training of ${model.kind} "${model.name}", ${aBatch * steps} showings in ${steps} steps`;
  return clips === null
    ? [notKnown(`how many other clips there were, of which came ${shown}`)]
    : [`${worldsName(rehearsed)}: ${clips} clips; of them came ${shown}.`];
}
