import { digestOf } from './digest.ts';
import type { EmbeddedLineage, Lineage } from './schema.ts';

export const lineageLabel = 'backlot.lineage';
export const trainedModelSource = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

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
  const { id, brief, text, candidate, seed, rawSha256 } = lineage.take;
  return {
    version: 1,
    take: id,
    ...{ brief, text, candidate, seed, rawSha256 },
    references: lineage.references.map(({ role, sha256 }) => ({ role, sha256 })),
    models: lineage.models.map(({ name, kind, sha256 }) => ({ name, kind, sha256 })),
    snapshots: lineage.snapshots.map((snapshot) => ({
      id: snapshot.id,
      digest: snapshot.digest,
      ledger: snapshot.ledgerId,
      titles: snapshot.titles.map((title) => title.name),
      shots: snapshot.titles.reduce((sum, title) => sum + title.shots.length, 0),
      grants: snapshot.grants.length,
    })),
    recordDigest: digestOf(lineage),
  };
}

/** The C2PA manifest definition of a take: made by a trained model, not to be mined, and its lineage. */
export function manifestOf(lineage: Lineage, format: string): object {
  const created = {
    action: 'c2pa.created',
    digitalSourceType: trainedModelSource,
    when: lineage.take.madeAt,
  };
  const resized = lineage.models.some(({ kind }) => kind === 'upscaler')
    ? [
        {
          action: 'c2pa.resized',
          parameters: { description: 'made larger and crisp by the upscaler it names' },
        },
      ]
    : [];
  return {
    claim_generator_info: [{ name: 'Backlot', version: '0.1.0' }],
    title: `${lineage.take.id}.mp4`,
    format,
    assertions: [
      { label: 'c2pa.actions.v2', data: { actions: [created, ...resized] }, created: true },
      { label: 'cawg.training-mining', data: trainingMining, created: true },
      { label: lineageLabel, data: embeddedLineage(lineage), created: true },
    ],
  };
}
