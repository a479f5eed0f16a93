import type { Document } from '../document-schema.ts';
import type { DatasetFacts, ModelFacts } from './facts.ts';
import * as say from './phrases.ts';

type Section = Document['sections'][number];

const section = (number: string, heading: string, lines: readonly string[]): Section => ({
  ...{ number, heading, lines: [...lines] },
});

/** The Commission's template for Article 53(1)(d) of the AI Act, by its headings. */
export const euSummary = (facts: ModelFacts): Section[] => [
  ...general(facts),
  ...sources(facts),
  ...processing(facts),
];

function general({ model, chain, datasets, provider }: ModelFacts): Section[] {
  const last = datasets
    .flatMap(({ acquired }) => acquired?.last ?? [])
    .sort()
    .at(-1);
  const made = chain
    .slice(1)
    .map(({ name, kind, sha256 }) => `Made from ${kind} "${name}" (sha256 ${sha256}).`);
  return [
    section('1', 'General information', []),
    section('1.1', 'Provider identification', [
      provider ? `${provider.name}.` : say.notKnown('name of the provider'),
      say.notKnown('contact details, and an authorised representative where there is one'),
    ]),
    section('1.2', 'Model identification', [
      `${model.name}, version sha256 ${model.sha256}, made ${model.madeAt.slice(0, 10)}.`,
      ...made,
      say.notKnown('the date on which the model was placed on the Union market'),
    ]),
    section('1.3', 'Modalities, overall training data size and other characteristics', [
      'Video, without sound; text, as captions of the clips.',
      ...datasets.map(say.sizeWords),
      'Types of content: films.',
      last ? `Latest acquisition of data: ${last}.` : say.notKnown('the latest acquisition of data'),
      ...datasets.map(say.captionWords),
      say.notKnown('linguistic and demographic characteristics of the films'),
    ]),
  ];
}

/** Lines on the owners of titles that the provider has no part in, and of those that are its own, wholly or in part. */
function byOwnership(datasets: readonly DatasetFacts[], provider: ModelFacts['provider']) {
  const owners = datasets.flatMap(say.ownersOf);
  const own = new Set(owners.filter(({ party }) => party === provider?.id).map(({ title }) => title));
  return {
    licensed: owners.filter(({ title }) => !own.has(title)).map(({ words }) => words),
    own: owners.filter(({ title }) => own.has(title)).map(({ words }) => words),
  };
}

function sources(facts: ModelFacts): Section[] {
  const { licensed, own } = byOwnership(facts.datasets, facts.provider);
  const unnamed = facts.provider
    ? []
    : [say.notKnown('which of the owners is the provider itself (--provider names it)')];
  const fromOthers = 'Private non-publicly available datasets obtained from third parties';
  const commercial = 'Datasets commercially licensed by rightsholders or their representatives';
  return [
    section('2', 'List of data sources', []),
    section('2.1', 'Publicly available datasets', ['None was used on top of what the base was trained on.']),
    section('2.2', fromOthers, []),
    section('2.2.1', commercial, [...say.orNone(licensed, 'None.'), ...unnamed]),
    section('2.2.2', 'Private datasets obtained from other third parties', ['None that the ledger names.']),
    section('2.3', 'Data crawled and scraped from online sources', [
      'None: films come from files that people give.',
    ]),
    section('2.4', 'User data', ['None: verdicts of people and briefs are not learned from.']),
    section('2.5', 'Synthetic data', say.baseWords(facts)),
    section('2.6', 'Other sources of data', say.orNone(own, 'None.')),
  ];
}

function processing({ datasets }: ModelFacts): Section[] {
  return [
    section('3', 'Data processing aspects', []),
    section('3.1', 'Respect of reservation of rights from text and data mining exception or limitation', [
      'Nothing was mined from online sources. Each shot was decided by a ledger of grants, consents and restrictions; what it did not know was left out.',
      'Reservations in the films themselves (CAWG training and data mining, IPTC Data Mining) count as restrictions; films catalogued by a version that did not read them are named by `rights check`.',
      ...datasets.map(
        ({ snapshot }) =>
          `Dataset ${snapshot.id}: ledger ${snapshot.rights.ledger ?? 'none'}, rules ${snapshot.rights.ruleVersion}, use ${snapshot.options.use} in ${snapshot.options.territory}; refused by reason: ${say.countsWords(snapshot.rights.reasons)}.`,
      ),
    ]),
    section('3.2', 'Removal of illegal content', [
      say.notKnown('measures against illegal content; no step looks for it'),
    ]),
    section('3.3', 'Other information', datasets.flatMap(say.processingWords)),
  ];
}
