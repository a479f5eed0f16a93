import { targetsOf } from '../../contract/index.ts';
import type { Document } from '../document-schema.ts';
import type { DatasetFacts, ModelFacts } from './facts.ts';
import { holderWords, holdingsOf } from './holdings.ts';
import * as say from './phrases.ts';

type Section = Document['sections'][number];

const NONE = 'No dataset of this workspace was learned from.';

/** Documentation that California asks for (Civil Code 3111, subdivision (a), items 1 to 12). */
export function ab2013(facts: ModelFacts): Section[] {
  const { datasets } = facts;
  const each = (lines: (dataset: DatasetFacts) => string[]): string[] =>
    datasets.length === 0 ? [NONE] : datasets.flatMap(lines);
  const items: [string, string[]][] = [
    ['Sources or owners of the datasets', [...each(ownerWords), ...facts.outside.flatMap(say.declaredWords)]],
    ['How the datasets further the intended purpose', each(purposeWords)],
    ['Number of data points', each((dataset) => [say.sizeWords(dataset)])],
    [
      'Types of data points',
      each((dataset) => ['Clips of film, labelled with captions.', say.captionWords(dataset)]),
    ],
    ['Data protected by copyright, trademark or patent', each(protectionWords)],
    ['Whether the datasets were purchased or licensed', licenceWords(facts)],
    ['Personal information', each(peopleWords)],
    [
      'Aggregate consumer information',
      ['None: films and their sidecar files are read, and nothing of consumers.'],
    ],
    ['Cleaning, processing or other modification', each(say.processingWords)],
    [
      'Time period of collection',
      [...each((dataset) => [say.acquiredWords(dataset)]), say.notKnown('whether collection goes on')],
    ],
    ['Dates on which the datasets were first used', each(firstUseWords)],
    ['Use of synthetic data', say.baseWords(facts)],
  ];
  return items.map(([heading, lines], i) => ({ number: `(a)(${i + 1})`, heading, lines }));
}

const ownerWords = (dataset: DatasetFacts): string[] => [
  ...dataset.holders.map((holder) => holderWords(dataset, holder)),
  ...say.ownersUnknown(dataset).map(say.notKnown),
];

const purposeWords = ({ snapshot }: DatasetFacts): string[] => [
  `Dataset ${snapshot.id}, cleared for ${snapshot.options.use}: the model learns how the films look, who and what is in them and how it is called, to draw new shots of that kind.`,
];

function protectionWords({ materials, holders, unnamed }: DatasetFacts): string[] {
  return [
    holders.length > 0
      ? 'Yes: the ledger names owners for the films.'
      : say.notKnown('whether the films are protected'),
    ...(unnamed.length > 0 && Object.keys(materials).length === 0
      ? []
      : [`Things of others that the ledger names in the films: ${say.countsWords(materials)}.`]),
    ...(unnamed.length > 0
      ? [say.notKnown(`what things of others are in the films of ${unnamed.join(', ')}`)]
      : []),
  ];
}

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

function peopleWords({ lineage, performers, unnamed }: DatasetFacts): string[] {
  const people = new Set(performers.filter(({ basis }) => basis?.includes('seen')).map(({ id }) => id));
  const targets = targetsOf(lineage).length;
  const named = [
    ...(people.size > 0
      ? [`Yes: pictures of ${people.size} people whom the ledger names in the shots. Captions may name them.`]
      : []),
    ...(targets > 0 ? [`Yes: the model learns replicas of ${targets} people by name.`] : []),
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
    ? `Dataset ${snapshot.id}: frozen ${snapshot.frozenAt.slice(0, 10)}, first model made ${firstUsed.slice(0, 10)}.`
    : say.notKnown(`when dataset ${snapshot.id} was first used`),
];
