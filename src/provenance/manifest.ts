import { digestOf } from './digest.ts';
import type { EmbeddedLineage, Lineage } from './schema.ts';
import { type StatedBox, unhashedLabel } from './unhashed.ts';

export const lineageLabel = 'backlot.lineage';
/** IPTC's digital source types: made by a trained model alone; made by one from, or put together with, other pictures. */
const sourceType = (name: string) => `http://cv.iptc.org/newscodes/digitalsourcetype/${name}`;
export const trainedSource = sourceType('trainedAlgorithmicMedia');
export const compositeSource = sourceType('compositeWithTrainedAlgorithmicMedia');

const generator = [{ name: 'Backlot', version: '0.1.0' }];

/** Nobody may mine or train on a take unless its owner says so: CAWG training and data mining assertion 1.1. */
const trainingMining = {
  entries: Object.fromEntries(
    ['data_mining', 'ai_inference', 'ai_training', 'ai_generative_training'].map((use) => [
      `cawg.${use}`,
      { use: 'notAllowed' },
    ]),
  ),
};

/** The part of a lineage that travels with the file: titles and counts, no names of people. */
export function embeddedLineage(lineage: Lineage): EmbeddedLineage {
  const { id, brief, text, candidate, seed, rawSha256, engine } = lineage.take;
  const judged = lineage.judged?.length;
  return {
    version: 1,
    take: id,
    ...{ brief, text, candidate, seed, rawSha256 },
    ...(engine === undefined ? {} : { engine }),
    ...(judged === undefined ? {} : { judged }),
    references: lineage.references.map(({ role, sha256 }) => ({ role, sha256 })),
    models: lineage.models.map(({ name, kind, sha256, weight, origin }) => ({
      ...{ name, kind, sha256 },
      ...(weight === null ? {} : { weight }),
      ...(origin && { declared: { learnedFrom: origin.learnedFrom, licence: origin.licence } }),
    })),
    snapshots: lineage.snapshots.map((snapshot) => ({
      id: snapshot.id,
      digest: snapshot.digest,
      ledger: snapshot.ledgerId,
      ...(snapshot.decisions === undefined ? {} : { decisions: snapshot.decisions }),
      titles: snapshot.titles.map((title) => title.name),
      shots: snapshot.titles.reduce((sum, title) => sum + title.shots.length, 0),
      grants: snapshot.grants?.length ?? null,
    })),
    recordDigest: digestOf(lineage),
  };
}

/** Something that a take was made from, by its hash: the file itself stays in the house. */
const input = (id: string, title: string, sha256: string, types: object) => ({
  ...{ label: id, title, relationship: 'inputTo', instance_id: `urn:sha256:${sha256}` },
  ...types,
});

const inputsOf = ({ references, models }: Lineage) => [
  ...references.map(({ role, sha256 }, n) => input(`given-${n}`, `given as ${role}`, sha256, {})),
  ...models.map(({ name, sha256 }, n) =>
    input(`model-${n}`, `model ${name}`, sha256, { data_types: [{ type: 'c2pa.types.model' }] }),
  ),
];

/**
 * The C2PA manifest definition of a take: what made it, from what, not to be mined, and its lineage.
 * @param boxes that C2PA does not hash
 */
export function manifestOf(lineage: Lineage, format: string, boxes: readonly StatedBox[]): object {
  const inputs = inputsOf(lineage);
  const created = {
    action: 'c2pa.created',
    // Frames that were given stand in the take beside those that were made.
    digitalSourceType: lineage.references.length > 0 ? compositeSource : trainedSource,
    when: lineage.take.madeAt,
    parameters: { ingredientIds: inputs.map(({ label }) => label) },
  };
  const resized = lineage.models.some(({ kind }) => kind === 'upscaler')
    ? [
        {
          action: 'c2pa.resized',
          parameters: { description: 'made larger and crisp by the upscaler it names' },
        },
      ]
    : [];
  const file = { title: `${lineage.take.id}.mp4`, format, boxes };
  return definition(file, [created, ...resized], inputs, [lineage]);
}

/** What the audit log calls signing a file that was made of a take. */
export const signingAct = 'provenance.sign-file';

/** How a file was made of takes. */
export type Derivation = 'converted' | 'composite';

const parentLabel = (n: number): string => `take-${n}`;

/** A take in a file that was made of it, the n-th: the whole file (its parent), or a part (a component). */
export const parentOf = (takeId: string, n: number, derivation: Derivation) => ({
  label: parentLabel(n),
  title: takeId,
  relationship: derivation === 'composite' ? 'componentOf' : 'parentOf',
});

/**
 * The C2PA manifest definition of a file that a person made of takes; these come to it with their signed files.
 * @param file with the boxes that C2PA does not hash; null: it is of a kind without boxes
 */
export function derivedManifest(
  lineages: readonly Lineage[],
  file: { name: string; mime: string; still: boolean; boxes: readonly StatedBox[] | null },
  derivation: Derivation,
): object {
  const taken = { parameters: { ingredientIds: lineages.map((_, n) => parentLabel(n)) } };
  const converted = [
    { action: 'c2pa.opened', ...taken },
    { action: file.still ? 'c2pa.converted' : 'c2pa.transcoded', ...taken },
  ];
  const composed = [
    { action: 'c2pa.created', digitalSourceType: compositeSource },
    { action: 'c2pa.placed', ...taken },
  ];
  const actions = derivation === 'composite' ? composed : converted;
  return definition({ title: file.name, format: file.mime, boxes: file.boxes }, actions, [], lineages);
}

const definition = (
  { boxes, ...file }: { title: string; format: string; boxes: readonly StatedBox[] | null },
  actions: object[],
  ingredients: object[],
  lineages: readonly Lineage[],
) => ({
  ...{ claim_generator_info: generator, ...file, ingredients },
  assertions: [
    { label: 'c2pa.actions.v2', data: { actions }, created: true },
    { label: 'cawg.training-mining', data: trainingMining, created: true },
    ...lineages.map((one) => ({ label: lineageLabel, data: embeddedLineage(one), created: true })),
    ...(boxes ? [{ label: unhashedLabel, data: { boxes }, created: true }] : []),
  ],
});
