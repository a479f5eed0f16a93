import { z } from 'zod';

/** By what rules statements count and pools are divided. Each is kept to the letter: old statements are recomputed by their own. */

/** @param ties to whom units go that are left where remainders are equal. @param references what counts as given, by a rule that adds to it */
const exposureSays = (ties: string, references: readonly string[] = []): string[] => [
  'Counted is what was done, not what it led to: how much a clip shaped a model or a take is not measured here.',
  'Exposure of a clip: its seconds, times how often finished training runs of the period showed it, mirrored showings too. ' +
    'It follows from the steps, the batch and the seed that each run has recorded.',
  "training.owners is divided by exposure of each title, times the owner's share in the ledger that the dataset was decided by.",
  'training.performers is divided by exposure of the clips of shots in which that ledger confirms the person.',
  'references.owners is divided by the films of the catalogue that takes of the period were given as pictures or videos, ' +
    "each once a take, times the owner's share in the ledger in force then; references.performers by the people whom that " +
    'ledger confirms in the whole of such a film.',
  ...references,
  `Amounts are whole minor units; what is left by rounding down goes to the largest remainders, of equal ones to ${ties}.`,
  'What belongs to nobody known keeps its part of the pool: it is not divided among the others.',
];

const nobodyLast = 'the id that comes first, and to nobody known after all of them';

const targetedLine =
  'For whom a dataset was frozen, and whom that ledger confirms in no shot shown of a title, has a line with what was shown of the title. ' +
  'It counts 0: by this rule nothing is due for being targeted';

const replicasSays: readonly string[] = [
  'A replica of a performer is a take of the period whose brief names the performer, by the names of the ledger that was in force when it ' +
    'was drawn. It is drawn only by models of a dataset that was frozen for all whom the brief names. A take whose brief names nobody is ' +
    'a replica of nobody, whatever its models learned or it was given.',
  'replicas.performers is divided by the seconds of the replicas of each performer; one of several performers counts whole for each. ' +
    'A take that a withdrawal has reached since counts too, as it was drawn, and its line says so.',
  'Of takes of earlier versions it is not recorded whom the brief named: they count for nobody, and are told as not known.',
];

const picturesLine =
  'A picture that Backlot itself cut out of such a film, a first frame or a thumbnail, counts like the film; the people are those whom ' +
  'that ledger confirms in the shot that it was cut from.';

const clipsLine =
  'So does a video that was exported from such a film, for the people whom that ledger confirms in the shot that it was cut from.';

const namesLine =
  'A film is known to a ledger by its sha256 and by every base name under which it had been found when the statement was made. ' +
  'A name under which other bytes were found too does not count beside its own; where two titles name it, it belongs to nobody known.';

/** By what rules a pool is divided, each by its words. */
export const STATEMENT_RULES = {
  'exposure-1': exposureSays('the id that comes first'),
  'exposure-2': exposureSays(nobodyLast),
  'exposure-3': [
    ...exposureSays(nobodyLast),
    `${targetedLine}, and what is agreed for a replica is not known here.`,
  ],
  'exposure-4': [
    ...exposureSays(nobodyLast),
    `${targetedLine} by a training; takes that are replicas are counted apart.`,
    ...replicasSays,
  ],
  'exposure-5': [
    ...exposureSays(nobodyLast, [picturesLine, namesLine]),
    `${targetedLine} by a training; takes that are replicas are counted apart.`,
    ...replicasSays,
  ],
  'exposure-6': [
    ...exposureSays(nobodyLast, [picturesLine, clipsLine, namesLine]),
    `${targetedLine} by a training; takes that are replicas are counted apart.`,
    ...replicasSays,
  ],
} as const;

export type RuleId = keyof typeof STATEMENT_RULES;

const ids = Object.keys(STATEMENT_RULES) as RuleId[];

export const ruleIdSchema = z.enum(ids);

/** The rule of statements that no pool names one for. */
export const NEWEST_RULE: RuleId = 'exposure-6';

const isSince = (first: RuleId) => (rule: RuleId) => ids.indexOf(rule) >= ids.indexOf(first);

/** Whether statements by the rule name who is targeted and not seen: those of before must come out the same. */
export const namesTargeted = isSince('exposure-3');

/** Whether statements by the rule count takes that are replicas. */
export const countsReplicas = isSince('exposure-4');

/** Whether statements by the rule count pictures that were cut out of films like these. */
export const countsPictures = isSince('exposure-5');

/** Whether statements by the rule count videos that were exported from films like these. */
export const countsClips = isSince('exposure-6');

/** Whether statements by the rule know a film by the other names of its bytes. */
export const countsNames = isSince('exposure-5');
