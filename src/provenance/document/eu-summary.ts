import type { Document } from '../document-schema.ts';
import type { DatasetFacts, ModelFacts } from './facts.ts';
import { type Holdings, holdingsOf } from './holdings.ts';
import * as say from './phrases.ts';
import { rehearsedSizes, rehearsedWords } from './rehearsed.ts';

type Section = Document['sections'][number];

const section = (number: string, heading: string, lines: readonly string[]): Section => ({
  ...{ number, heading, lines: [...lines] },
});

/**
 * The Commission's template for Article 53(1)(d) of the AI Act (C(2025) 8311, first published in July 2025): its sections, and in each line
 * the name of one of its fields, then the answer.
 */
export const euSummary = (facts: ModelFacts): Section[] => [
  ...general(facts),
  ...sources(facts),
  ...processing(facts),
];

const field = (name: string, answer: string): string => `${name}: ${answer}`;

/** A field that the workspace cannot fill, by its name in the template. */
const openField = (name: string): string => say.notKnown(name);

function general(facts: ModelFacts): Section[] {
  const { model, chain, datasets, provider } = facts;
  return [
    section('1', 'General information', [openField('version of the summary and its last update')]),
    section('1.1', 'Provider identification', [
      provider
        ? field('Provider name', `${provider.name}.`)
        : openField('name of the provider (--provider names it)'),
      openField('contact details of the provider'),
      openField('authorised representative name and contact details, where there is one'),
    ]),
    section('1.2', 'Model identification', [
      field(
        'Versioned model name(s)',
        `${model.name}, sha256 ${model.sha256}, made ${model.madeAt.slice(0, 10)}.`,
      ),
      field('Model dependencies', dependencies(chain)),
      openField('date of placement of the model on the Union market'),
    ]),
    section('1.3', 'Modalities, overall training data size and other characteristics', [
      ...modalities(datasets, withoutWords(facts)),
      latest(datasets),
      openField('description of the linguistic characteristics of the overall training data'),
      openField('other relevant characteristics, such as demographic ones, of the overall training data'),
      ...datasets.map((dataset) => field('Additional comments', say.sizeWords(dataset))),
      ...datasets.map((dataset) => field('Additional comments', say.captionWords(dataset))),
    ]),
  ];
}

function dependencies(chain: ModelFacts['chain']): string {
  const made = chain
    .slice(1)
    .map(
      ({ name, kind, sha256, origin }, i) =>
        `${chain[i]?.kind === 'scratch' ? 'with the codec of' : 'made from'} ${kind} "${name}" (sha256 ${sha256})${origin ? `, by ${origin.maker}, as declared` : ''}`,
    );
  return made.length > 0 ? `${made.join('; ')}.` : 'none.';
}

/** Hours at which the template's ranges for video begin. */
const HOURS = { middle: 10_000, most: 1_000_000 };

function hoursRange(hours: number): string {
  if (hours < HOURS.middle) return 'Less than 10 000 hours';
  return hours <= HOURS.most ? '10 000 to 1 million hours' : 'More than 1 million hours';
}

/** Captions are sentences: below so many clips they stay in the template's lowest range, a billion tokens. */
const CAPTIONS_BELOW = 1_000_000;

/** Ranges are of what this workspace added; what an open base was trained on is on its own card, as is what Backlot's was. */
function withoutWords({ outside, rendered, trainings }: ModelFacts): string {
  const left = [
    ...(outside.length > 0 ? ['what models from outside were trained on'] : []),
    ...(rendered.length > 0 || trainings.some(({ rehearsed }) => rehearsed) ? ['rendered worlds'] : []),
    ...(trainings.some(({ job }) => !job) ? ['what else a training whose job is not here had'] : []),
  ];
  return left.length > 0 ? `, without ${left.join(' and ')}` : '';
}

function modalities(datasets: readonly DatasetFacts[], without: string): string[] {
  const hours = datasets.some((dataset) => dataset.hours === null)
    ? null
    : datasets.reduce((sum, dataset) => sum + (dataset.hours ?? 0), 0);
  const clips = datasets.reduce((sum, { snapshot }) => sum + snapshot.clips.train, 0);
  const text = clips < CAPTIONS_BELOW ? 'Less than 1 billion tokens' : `captions of ${clips} clips`;
  return [
    hours === null
      ? openField('training data size of the modality video (films): shots of it are not catalogued any more')
      : field(
          'Modality video',
          `training data size ${hoursRange(hours)} (${say.hoursWords(hours)}${without}); types of content: films.`,
        ),
    field('Modality text', `training data size ${text}${without}; types of content: captions of the clips.`),
    field('Modalities image, audio, other', 'none: clips have no sound.'),
  ];
}

function latest(datasets: readonly DatasetFacts[]): string {
  const name = 'Latest date of data acquisition/collection for model training';
  const days = datasets.flatMap(({ acquired }) => acquired?.last ?? []).sort();
  const last = days.at(-1);
  return last && days.length === datasets.length
    ? field(name, `${last}, when the last film was catalogued.`)
    : openField(name);
}

function sources(facts: ModelFacts): Section[] {
  const holdings = holdingsOf(facts.datasets, facts.provider);
  const unknown = facts.datasets.flatMap(say.ownersUnknown);
  return [
    section('2', 'List of data sources', []),
    section('2.1', 'Publicly available datasets', [
      field('Used to train the model', 'No, on top of what it was made from.'),
      ...(facts.outside.length === 0
        ? []
        : [openField('publicly available datasets that models from outside were trained on')]),
    ]),
    ...fromOthers(facts, holdings, unknown),
    ...fromUsersAndWeb(),
    section('2.5', 'Synthetic data', syntheticLines(facts)),
    section('2.6', 'Other sources of data', otherLines(facts, holdings, unknown)),
  ];
}

const fromUsersAndWeb = (): Section[] => [
  section('2.3', 'Data crawled and scraped from online sources', [
    field(
      'Crawlers used by the provider or on its behalf',
      'None by Backlot: it fetches nothing, films come from files that people give.',
    ),
    openField('whether any film was crawled or scraped before it was given'),
  ]),
  section('2.4', 'User data', [
    field('Data from user interactions with the model', 'No: briefs and verdicts are not learned from.'),
    openField("whether any film came from users of the provider's other services or products"),
  ]),
];

/** What is the provider's own, and clips and models that are of nobody in the ledger. */
function otherLines(facts: ModelFacts, { own, ...holdings }: Holdings, unknown: readonly string[]): string[] {
  const declared = facts.outside.flatMap(say.declaredWords);
  const rehearsed = [...rehearsedWords(facts, 'source'), ...rehearsedSizes(facts)];
  const open = rehearsed.filter(say.isOpen);
  const programs = [...rehearsed.filter((line) => !say.isOpen(line)), ...say.renderedBases(facts)];
  return [
    ...yesOrNo(
      OTHERS,
      [...own, ...declared, ...programs],
      [
        ...unknown,
        ...undecided(holdings),
        ...(open.length > 0 ? ['what else trainings had, as told below'] : []),
      ],
    ),
    ...say.lines('Rendered by a program', programs),
    ...say.lines('Models from outside', declared),
    ...say.lines("The provider's own", own),
    ...open,
  ];
}

const OTHERS = 'Data sources other than those in sections 2.1 to 2.5';
const AGREEMENTS = 'Transactional commercial licensing agreements with rightsholders';

/** What may be licensed or the provider's own: then neither is there a No. */
const undecided = ({ granted, open }: Pick<Holdings, 'granted' | 'open'>): string[] => [
  ...(granted.length > 0 ? ['which of the owners is the provider itself (--provider names it)'] : []),
  ...open,
];

function fromOthers({ datasets }: ModelFacts, holdings: Holdings, unknown: readonly string[]): Section[] {
  const { licensed, granted } = holdings;
  return [
    section('2.2', 'Private non-publicly available datasets obtained from third parties', []),
    section('2.2.1', 'Datasets commercially licensed by rightsholders or their representatives', [
      ...yesOrNo(AGREEMENTS, licensed, [...unknown, ...undecided(holdings)]),
      ...(licensed.length > 0
        ? [
            openField(
              'which of these grants rest on a transactional commercial agreement; the ledger holds no prices',
            ),
            field('Modality(ies) of the content covered', 'video, with captions as text.'),
          ]
        : []),
      ...say.lines('Licensed', licensed),
      ...say.lines('Granted', granted),
    ]),
    section('2.2.2', 'Private datasets obtained from other third parties', [
      datasets.length === 0
        ? field('Obtained', 'No, on top of what it was made from.')
        : openField(
            'whether any film is of a private database or an intermediary; the ledger says who grants, not who gave the file',
          ),
    ]),
  ];
}

function syntheticLines(facts: ModelFacts): string[] {
  const captions = say.modelCaptions(facts);
  const name = 'Synthetic AI-generated data created to train the model';
  return [
    captions.length > 0
      ? field(name, 'Yes, as text: captions that a model wrote. No takes: Backlot trains on none.')
      : field(
          name,
          'No by Backlot: it trains on no takes, and had no caption of these clips written by a model.',
        ),
    ...captions,
    openField('whether a film, a shot list or a sidecar file holds what a model made'),
    'Pictures that a program rendered, and no model, are in section 2.6.',
    ...say.baseWords(facts),
  ];
}

/** Where owners are not known, what nobody is known to own is no No. */
function yesOrNo(name: string, lines: readonly string[], unknown: readonly string[]): string[] {
  const open = unknown.map((what) => openField(`${name}: ${what}`));
  if (lines.length === 0 && unknown.length > 0) return open;
  return [field(name, lines.length > 0 ? 'Yes.' : 'No.'), ...open];
}

const MEASURES = 'Measures to respect reservations of rights';

const reservations = ({ datasets }: ModelFacts): string[] => [
  openField(
    'whether the provider has signed the Code of Practice with its commitments on reservations of rights',
  ),
  field(
    MEASURES,
    'Backlot mines nothing from online sources. Each shot was decided by a ledger of grants, consents and restrictions; what it did not know was left out.',
  ),
  field(
    MEASURES,
    'reservations in the films themselves (CAWG training and data mining, IPTC Data Mining) count as restrictions; films catalogued by a version that did not read them are named by `rights check`.',
  ),
  ...datasets.map(({ snapshot }) =>
    field(
      'Additional comments',
      `dataset ${snapshot.id}: ledger ${snapshot.rights.ledger ?? 'none'}, rules ${snapshot.rights.ruleVersion}, use ${snapshot.options.use} in ${snapshot.options.territory}; refused by reason: ${say.countsWords(snapshot.rights.reasons)}.`,
    ),
  ),
];

const processing = (facts: ModelFacts): Section[] => [
  section('3', 'Data processing aspects', []),
  section(
    '3.1',
    'Respect of reservation of rights from text and data mining exception or limitation',
    reservations(facts),
  ),
  section('3.2', 'Removal of illegal content', [
    openField('general description of measures taken against illegal content; no step looks for it'),
  ]),
  section('3.3', 'Other information', [
    ...facts.datasets.flatMap(say.processingWords),
    ...say.trainingWords(facts),
    ...rehearsedWords(facts, 'processing'),
  ]),
];
