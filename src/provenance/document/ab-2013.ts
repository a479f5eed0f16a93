import { targetsOf } from '../../contract/index.ts';
import type { Document } from '../document-schema.ts';
import type { DatasetFacts, ModelFacts } from './facts.ts';
import { holderWords, holdingsOf } from './holdings.ts';
import * as say from './phrases.ts';
import { rehearsedSizes, rehearsedWords } from './rehearsed.ts';

type Section = Document['sections'][number];

const NONE = 'No dataset of this workspace was learned from.';

/**
 * Documentation that California asks for (Civil Code 3111, subdivision (a), items 1 to 12). To train is there to test and to validate too
 * (3110, subdivision (f)): clips that are held out count.
 */
export function ab2013(facts: ModelFacts): Section[] {
  const items = [...whatTheyAre(facts), ...whatIsInThem(facts), ...howTheyWereUsed(facts)];
  return items.map(([heading, lines], i) => {
    const outside = OF_OUTSIDE.includes(i + 1) ? facts.outside.map((model) => ofOutside(heading, model)) : [];
    return { number: `(a)(${i + 1})`, heading, lines: [...lines, ...outside] };
  });
}

type Item = [heading: string, lines: string[]];

/** Items whose lines say nothing yet of what models from outside learned from: 1 and 12 do, by what was declared. */
const OF_OUTSIDE: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

const ofOutside = (heading: string, { kind, name }: ModelFacts['outside'][number]): string =>
  say.notKnown(`${heading.toLowerCase()}, of what ${kind} "${name}" learned from`);

const each = ({ datasets }: ModelFacts, lines: (dataset: DatasetFacts) => string[]): string[] =>
  datasets.length === 0 ? [NONE] : datasets.flatMap(lines);

const whatTheyAre = (facts: ModelFacts): Item[] => [
  [
    'Sources or owners of the datasets',
    [
      ...each(facts, ownerWords),
      ...rehearsedWords(facts, 'source'),
      ...say.renderedBases(facts),
      ...facts.outside.flatMap(say.declaredWords),
    ],
  ],
  [
    'How the datasets further the intended purpose',
    [...each(facts, purposeWords), ...rehearsedWords(facts, 'purpose')],
  ],
  ['Number of data points', sizes(facts)],
  [
    'Types of data points',
    [
      ...each(facts, (dataset) => ['Clips of film, labelled with captions.', say.captionWords(dataset)]),
      ...rehearsedWords(facts, 'types'),
    ],
  ],
];

const sizes = (facts: ModelFacts): string[] => [
  ...each(facts, (dataset) => [say.sizeWords(dataset)]),
  ...rehearsedSizes(facts),
  ...facts.rendered.map(({ name }) =>
    say.notKnown(`how many clips base "${name}" was trained on; its card says so`),
  ),
];

const whatIsInThem = (facts: ModelFacts): Item[] => [
  [
    'Data protected by copyright, trademark or patent',
    [...each(facts, protectionWords), ...rehearsedWords(facts, 'protection')],
  ],
  [
    'Whether the datasets were purchased or licensed',
    [...licenceWords(facts), ...rehearsedWords(facts, 'licence')],
  ],
  ['Personal information', [...each(facts, peopleWords), ...rehearsedWords(facts, 'people')]],
  [
    'Aggregate consumer information',
    [
      'None: films and their sidecar files are read, and nothing of consumers.',
      ...rehearsedWords(facts, 'consumers'),
    ],
  ],
];

const howTheyWereUsed = (facts: ModelFacts): Item[] => [
  [
    'Cleaning, processing or other modification',
    [
      ...each(facts, say.processingWords),
      ...say.trainingWords(facts),
      ...rehearsedWords(facts, 'processing'),
    ],
  ],
  [
    'Time period of collection',
    [
      ...each(facts, (dataset) => [say.acquiredWords(dataset)]),
      ...rehearsedWords(facts, 'collected'),
      say.notKnown('whether collection goes on'),
    ],
  ],
  [
    'Dates on which the datasets were first used',
    [...each(facts, firstUseWords), ...rehearsedWords(facts, 'used')],
  ],
  [
    'Use of synthetic data',
    [
      ...say.baseWords(facts),
      ...rehearsedWords(facts, 'synthetic'),
      ...definedWords(facts),
      ...say.modelCaptions(facts),
    ],
  ],
];

const ownerWords = (dataset: DatasetFacts): string[] => [
  ...dataset.holders.map((holder) => holderWords(dataset, holder)),
  ...say.ownersUnknown(dataset).map(say.notKnown),
];

const purposeWords = ({ snapshot }: DatasetFacts): string[] => [
  `Dataset ${snapshot.id}, cleared for ${snapshot.options.use}: the model learns how the films look, who and what is in them and how it is called, to draw new shots of that kind.`,
];

function protectionWords({ materials, holders, unnamed }: DatasetFacts): string[] {
  const named = Object.keys(materials).length > 0;
  return [
    holders.length > 0
      ? 'Yes: the ledger names owners for the films.'
      : say.notKnown('whether the films are protected'),
    ...(named ? [`Things of others that the ledger names in the films: ${say.countsWords(materials)}.`] : []),
    ...(unnamed.length > 0
      ? [say.notKnown(`what things of others are in the films of ${unnamed.join(', ')}`)]
      : []),
    ...(named || unnamed.length > 0
      ? []
      : [say.notKnown('whether things of others are in the films: the ledger names none')]),
  ];
}

/** Whether a program that draws without seed data is what the law means, is for people. */
const definedWords = ({ rendered, trainings }: ModelFacts): string[] =>
  rendered.length > 0 || trainings.some(({ rehearsed }) => rehearsed)
    ? [
        say.notKnown(
          'whether rendering by a program is synthetic data generation as the law has it (3110, subdivision (e): from seed data)',
        ),
      ]
    : [];

function licenceWords({ datasets, provider }: ModelFacts): string[] {
  if (datasets.length === 0) return [NONE];
  const { own, licensed, granted, open } = holdingsOf(datasets, provider);
  return [
    ...datasets.map(grantWords),
    ...say.lines('Licensed', licensed),
    ...say.lines("The provider's own", own),
    ...say.lines('Granted', granted),
    ...open.map((words) => say.notKnown(`whether this was licensed: ${words}`)),
    ...(provider ? [] : [say.notKnown('which of the owners is the provider itself (--provider names it)')]),
    say.notKnown('whether any of it was purchased; the ledger holds grants, not sales'),
  ];
}

const grantWords = ({ lineage: { id, grants, ledgerId } }: DatasetFacts): string =>
  grants && grants.length > 0
    ? `Dataset ${id} was cleared by grants ${grants.join(', ')} of ledger ${ledgerId ?? 'unknown'}.`
    : say.notKnown(`by which grants the clips of dataset ${id} were cleared`);

const personsWords = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

function peopleWords({ lineage, performers, unnamed }: DatasetFacts): string[] {
  const people = new Set(performers.filter(({ basis }) => basis?.includes('seen')).map(({ id }) => id));
  const targets = targetsOf(lineage).length;
  const named = [
    ...(people.size > 0
      ? [
          `Yes: pictures of ${personsWords(people.size)} whom the ledger names in the shots. Captions may name them.`,
        ]
      : []),
    ...(targets > 0 ? [`Yes: the model learns replicas of ${personsWords(targets)} by name.`] : []),
  ];
  if (unnamed.length > 0)
    return [...named, say.notKnown(`whether people can be told in the films of ${unnamed.join(', ')}`)];
  return say.orNone(
    named,
    say.notKnown('whether people can be told in the films: the ledger names none in the shots'),
  );
}

const firstUseWords = ({ snapshot, firstUsed }: DatasetFacts): string[] => [
  firstUsed
    ? `Dataset ${snapshot.id}: frozen ${snapshot.frozenAt.slice(0, 10)}, first used from then on and no later than ${firstUsed.slice(0, 10)}, when the first model of it that is kept was made.`
    : say.notKnown(`when dataset ${snapshot.id} was first used`),
];
