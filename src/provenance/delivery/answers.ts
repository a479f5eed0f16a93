import { BacklotError, targetsOf } from '../../contract/index.ts';
import type { OutputKind } from '../../rights/index.ts';
import type { Answer, Answered, QuestionId } from '../delivery-schema.ts';
import { type Lineage, originWords } from '../schema.ts';
import { grantWords, partOf } from '../words.ts';
import type { Facts } from './facts.ts';

type Said = 'yes' | 'no' | OutputKind;

/** One of the five questions: what the workspace proves of it, and what it knows besides. */
interface Question {
  asks: string;
  /** The answer that the facts leave no doubt about; null: a person must say. */
  proved: (facts: Facts) => 'yes' | 'no' | null;
  facts: (facts: Facts) => string[];
}

const questions: Record<QuestionId, Question> = {
  recreates: {
    asks: 'Do the takes recreate recognisable features of what others own?',
    proved: () => null,
    facts: ({ lineages, checks }) => [
      ...gapsOf(lineages),
      ...checks.map(
        ({ takeId, verdict, reasons }) =>
          `${takeId}: the checker says ${verdict}${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}`,
      ),
    ],
  },
  productionData: {
    asks: 'Were models trained on material of productions?',
    proved: trainedOn,
    facts: (facts) => [
      ...facts.lineages.flatMap(({ snapshots }) => snapshots.map(snapshotWords)),
      ...(trainedOn(facts) === 'no' ? [shippedWords] : unknownsOf(facts)),
    ],
  },
  secured: {
    asks: 'Is the tool kept from others, with what goes in and comes out?',
    proved: ({ auditIntact, writable }) => (auditIntact && !writable ? null : 'no'),
    facts: ({ auditIntact, writable, readable, keys }) => [
      `The audit log ${auditIntact ? 'is intact' : 'is broken'}.`,
      `Other accounts of this machine can ${accessWords(writable, readable)} the workspace's folder.`,
      ...keys,
    ],
  },
  purpose: {
    asks: 'What are the takes for: temporary, or final?',
    proved: () => null,
    facts: (facts) =>
      facts.permitted.length === 0
        ? [trainedOn(facts) === 'no' ? noFilm : noneKnown]
        : facts.permitted.map(
            ({ use, which, shots }) =>
              `The ledger in force at hand-over allowed ${use} for all ${shots} ${which}.`,
          ),
  },
  replaces: {
    asks: 'Do the takes replace work of performers or of others whom an agreement covers?',
    proved: ({ lineages }) => (replicaIn(lineages) ? 'yes' : null),
    facts: ({ lineages }) => [
      ...lineages.flatMap(({ snapshots }) => snapshots.map(aimWords)),
      ...lineages.flatMap(({ parties }) =>
        parties
          .filter(({ role }) => role === 'performer')
          .map((party) => `${party.id} ${howWords(party)} ${party.title} (${party.row}): ${party.standing}`),
      ),
    ],
  },
};

const noFilm = 'No film of this workspace was trained on.';
const noneKnown =
  'No film of this workspace is known to have been trained on, or given: the ledger was asked of none. What is not known stands under the second question.';

/**
 * Yes: a dataset is known. No: models that came with Backlot alone made every take, and were given nothing. Otherwise nobody can tell: what
 * another base learned from, and where a given picture came from, is not known here.
 */
function trainedOn(facts: Facts): 'yes' | 'no' | null {
  if (facts.lineages.some(({ snapshots }) => snapshots.length > 0)) return 'yes';
  return unknownsOf(facts).length === 0 ? 'no' : null;
}

const shippedWords =
  'The base that ships with Backlot made them, which learned from rendered worlds alone; no brief gave it a file.';

/** What may bring in material of productions, as far as nobody here knows: models whose dataset is not here, files that briefs gave. */
const unknownsOf = ({ lineages, shipped }: Facts): string[] =>
  lineages.flatMap(({ models, references, snapshots }) => [
    ...models
      .filter(
        ({ sha256, snapshotId }) => !shipped.has(sha256) && !snapshots.some(({ id }) => id === snapshotId),
      )
      .map(({ kind, name, id, origin }) =>
        origin
          ? `The ${kind} "${name}" (${id}) ${originWords(origin)}`
          : `What the ${kind} "${name}" (${id}) was trained on is not known here.`,
      ),
    ...references.map(
      ({ role, name, film }) => `The ${role} "${name}" was given by a brief: ${filmWords(film, role)}.`,
    ),
  ]);

function filmWords(film: Lineage['references'][number]['film'], role: string): string {
  if (!film) return 'where it came from is not known here';
  const what = film.shot === undefined ? '' : partOf(film.shot, role);
  return film.title
    ? `it is ${what}a film of the title ${film.title}`
    : `it is ${what}a film of the catalogue; whose it is is not known here`;
}

const gapsOf = (lineages: readonly Lineage[]): string[] => lineages.flatMap(({ gaps }) => gaps);

function snapshotWords({ id, titles, grants, ledgerId, use }: Lineage['snapshots'][number]): string {
  const names = titles.map(({ name }) => name).join(', ');
  return `Dataset ${id} holds ${names}: cleared for ${use ?? 'an unknown use'} by ledger ${ledgerId ?? 'none'}, grants ${grantWords(grants)}.`;
}

const howWords = ({ basis = ['seen'] }: Lineage['parties'][number]): string =>
  basis.includes('seen') ? 'is seen in' : 'is concerned through';

function aimWords(snapshot: Lineage['snapshots'][number]): string {
  const targets = targetsOf(snapshot);
  const aim = targets.length === 0 ? '' : ` and targets ${targets.join(' and ')}`;
  return `Dataset ${snapshot.id} is for ${snapshot.use}${aim}.`;
}

const accessWords = (writable: boolean, readable: boolean): string =>
  writable ? 'write into' : readable ? 'read' : 'neither read nor write into';

/** Whatever the training was called: who targets a performer makes a replica. */
const isReplica = (snapshot: Lineage['snapshots'][number]): boolean =>
  snapshot.use === 'train.performer' || targetsOf(snapshot).length > 0;

const replicaIn = (lineages: readonly Lineage[]): boolean =>
  lineages.some(({ snapshots }) => snapshots.some(isReplica));

/**
 * The five answers. What the facts prove need not be said, and cannot be said otherwise.
 * @throws BacklotError `answers-missing`, `answer-contradicted`
 */
export function answersTo(facts: Facts, input: Answered, who: string): Answer[] {
  const ids = Object.keys(questions) as QuestionId[];
  const missing = ids.filter((id) => input[id] === undefined && questions[id].proved(facts) === null);
  if (missing.length > 0) throw unanswered(missing);
  return ids.map((id) => answerTo(id, questions[id], facts, input[id], input.saidBy ?? who));
}

function answerTo(
  id: QuestionId,
  question: Question,
  facts: Facts,
  said: Said | undefined,
  by: string,
): Answer {
  const proved = question.proved(facts);
  const known = [...new Set(question.facts(facts))];
  if (proved !== null && said !== undefined && said !== proved) throw contradicted(id, said, proved, known);
  const answer = proved ?? said;
  if (answer === undefined) throw unanswered([id]);
  const basis = proved === null ? ('said' as const) : ('proved' as const);
  const saidBy = proved === null ? by : null;
  return { question: id, asks: question.asks, answer, basis, saidBy, facts: known };
}

const optionOf = (id: QuestionId): string =>
  `--${id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const unanswered = (ids: readonly QuestionId[]): BacklotError =>
  new BacklotError('answers-missing', {
    expected: 'an answer to each of the five questions',
    where: 'the five answers',
    found: `none to: ${ids.map((id) => questions[id].asks).join(' ')}`,
    remedy: `Give ${ids.map((id) => `${optionOf(id)} yes or no`).join(', ')}; nothing was handed over.`,
  });

const contradicted = (id: QuestionId, said: Said, proved: Said, known: readonly string[]): BacklotError =>
  new BacklotError('answer-contradicted', {
    expected: `${optionOf(id)} ${proved}, as the workspace proves it`,
    where: 'the five answers',
    found: `${said}, but: ${known.join(' ')}`,
    remedy: 'Leave the option out: what is proved need not be said.',
  });
