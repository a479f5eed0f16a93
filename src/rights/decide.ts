import { type Ask, type Asked, isAnswerable, readAsks } from './ask.ts';
import { type Chain, chainOf, holdersOf } from './chain.ts';
import { type Answer, answerOf, saidByPerformer } from './consents.ts';
import { approvalAssumptions, isOpen, obligationsFor, openReason, restrictionReasons } from './duties.ts';
import { onceEach } from './house.ts';
import { unstatedOf } from './listings.ts';
import { appearsIn, type NamedFile, type ShotSpan, type TitleMatch } from './match.ts';
import { isWithdrawn } from './moments.ts';
import {
  covers,
  grantsBy,
  materialReasons,
  nearestMiss,
  ownerReasons,
  permissionAssumptions,
  type Tried,
  tryGrants,
} from './owners.ts';
import { outcomeOf, rankOf } from './rules.ts';
import type {
  Appearance,
  Assumption,
  Decision,
  Ledger,
  LedgerTitle,
  NearestConsent,
  Obligation,
  Reason,
} from './schema.ts';
import { isWhole, percentOf, sumShares } from './shares.ts';
import { unplacedIn } from './unplaced.ts';

export interface Question extends Asked {
  shot: ShotSpan & { file: NamedFile };
  title: TitleMatch;
  ledger: Ledger;
  /** From the first shot of its film to the last; without it every place that a row names is taken to be in the film. */
  film?: ShotSpan | undefined;
}

/**
 * Whether a shot may serve a use. Pure and total: no clock, no order of rows, no default that permits. What
 * forbids overrides what permits, and what is not known never passes.
 * @throws BacklotError `other-rules` where the question names a version of the rules that is not this one
 */
export const decide = (question: Question): Decision => decideCovered(question).decision;

type Place = Pick<Question, 'shot' | 'title' | 'ledger' | 'film'>;

/**
 * `decide` for many shots of which the same is asked: what a title answers is found once for all shots that are decided by the same
 * ledger, which must not change in between.
 */
export function decider(asked: Asked): (place: Place) => Decision {
  const asks = readAsks(asked).map((ask) => ({ ask, known: new WeakMap<Ledger, OfTitle[]>() }));
  return (place) => together(asks.map(({ ask, known }) => decideAlone(place, ask, known)));
}

/** What is asked in one question of several, and the grants that cover it. */
export interface Covered {
  use: Ask['use'];
  performer: string | null;
  grants: string[];
}

/**
 * `decide`, and of each question that is asked, such as the use and the replica of each performer, which grants cover it.
 * @throws BacklotError `other-rules`
 */
export function decideCovered({ shot, title, ledger, film, ...asked }: Question): {
  decision: Decision;
  covered: Covered[];
} {
  const each = readAsks(asked).map((ask) => {
    const decision = decideAlone({ shot, title, ledger, film }, ask, new WeakMap());
    return { decision, covered: { use: ask.use, performer: ask.performer, grants: decision.grants } };
  });
  return {
    decision: together(each.map(({ decision }) => decision)),
    covered: each.map(({ covered }) => covered),
  };
}

/** All must be allowed: what speaks against one speaks against what is asked. */
function together(decisions: readonly Decision[]): Decision {
  const [only] = decisions;
  if (only && decisions.length === 1) return only;
  return {
    ...conclude(decisions.flatMap(({ reasons }) => reasons)),
    grants: [...new Set(decisions.flatMap(({ grants }) => grants))].sort(),
    obligations: [...new Set(decisions.flatMap(({ obligations }) => obligations))].sort(),
    assumptions: onceEach(decisions.flatMap(({ assumptions }) => assumptions)),
    nearestMiss: decisions.find(({ nearestMiss: miss }) => miss !== null)?.nearestMiss ?? null,
    nearestConsents: inOrder(decisions.flatMap(({ nearestConsents }) => nearestConsents)),
  };
}

function decideAlone(
  { shot, title: match, ledger, film }: Place,
  ask: Ask,
  known: WeakMap<Ledger, OfTitle[]>,
): Decision {
  if (!isAnswerable(ask)) {
    return undecided([unknown(`nobody can say for ${ask.territory} on ${ask.asOf}`)]);
  }
  const forbidden = () => restrictionReasons(ledger, null, ask);
  if ('unknown' in match) return undecided([unknown(match.unknown), ...forbidden()]);
  const title = ledger.titles.find(({ id }) => id === match.title);
  if (!title) return undecided([unknown(`there is no title ${match.title}`), ...forbidden()]);
  return decideTitled(ofTitleIn(known, title, ledger, ask), { shot, film }, ledger, ask);
}

const unknown = (message: string): Reason => ({ rule: 'unknown', row: 'titles', message });

const undecided = (reasons: readonly Reason[]): Decision => ({
  ...conclude(reasons),
  grants: [],
  obligations: [],
  assumptions: [],
  nearestMiss: null,
  nearestConsents: [],
});

/** What is the same for all shots of a title. */
interface OfTitle {
  title: LedgerTitle;
  owners: readonly string[];
  tried: readonly Tried[];
  duties: readonly Obligation[];
  reasons: readonly Reason[];
  /** Of what frees it of restrictions. */
  assumptions: readonly Assumption[];
  /** Of who is seen, by row: found where it is first asked for. */
  said: Map<string, Answer>;
  /** Of rows that name a place which the film does not have, by film. */
  unplaced: Map<ShotSpan, readonly Reason[]>;
}

function ofTitleIn(known: WeakMap<Ledger, OfTitle[]>, title: LedgerTitle, ledger: Ledger, ask: Ask): OfTitle {
  const all = known.get(ledger) ?? [];
  const there = all.find((one) => one.title === title);
  if (there) return there;
  const found = ofTitle(title, ledger, ask);
  known.set(ledger, [...all, found]);
  return found;
}

function ofTitle(title: LedgerTitle, ledger: Ledger, ask: Ask): OfTitle {
  const chain = chainOf(title);
  const owners = holdersOf(chain, ask.at);
  const tried = tryGrants(grantsBy(owners, title, ledger), ledger, ask);
  const reasons = [
    ...titleReasons(title, chain, ask),
    ...owners.flatMap((owner) => ownerReasons(title, owner, tried)),
    ...restrictionReasons(ledger, title.id, ask),
  ];
  return {
    title,
    owners,
    tried,
    duties: obligationsFor(ledger, title.id, ask),
    reasons,
    assumptions: approvalAssumptions(ledger, title.id, ask),
    said: new Map(),
    unplaced: new Map(),
  };
}

function saidBy(row: Appearance, { said }: OfTitle, ledger: Ledger, ask: Ask): Answer {
  const answer = said.get(row.id) ?? answerOf(seen(row), ledger, ask);
  said.set(row.id, answer);
  return answer;
}

function unplacedBy(
  { shot, film }: Located,
  { title, unplaced }: OfTitle,
  ledger: Ledger,
): readonly Reason[] {
  if (!film) return [];
  const reasons = unplaced.get(film) ?? unplacedIn(ledger, title.id, shot.file, film);
  unplaced.set(film, reasons);
  return reasons;
}

type Located = Pick<Place, 'shot' | 'film'>;

function decideTitled(of: OfTitle, located: Located, ledger: Ledger, ask: Ask): Decision {
  const { shot } = located;
  const { title, owners, tried, duties } = of;
  const isHere = (row: Appearance | Ledger['materials'][number]) =>
    row.title === title.id && appearsIn(row, shot.file, shot);
  const seenHere = ledger.appearances.filter(isHere);
  const present = ledger.materials.filter(isHere);
  const people = seenHere.map((row) => saidBy(row, of, ledger, ask));
  const performer = saidByPerformer(title, seenHere, ledger, ask);
  const unstated = unstatedOf(title, shot, ledger, { cast: seenHere, materials: present }, ask);
  const reasons = [
    ...of.reasons,
    ...people.flatMap((said) => said.reasons),
    ...unplacedBy(located, of, ledger),
    ...unstated.reasons,
    ...performer.reasons,
    ...present.flatMap((row) => materialReasons(row, ledger, ask)),
    ...duties.filter((row) => isOpen(row, ask)).map(openReason),
  ];
  return {
    ...conclude(reasons),
    grants: idsOf(tried.filter(covers).map(({ grant }) => grant)),
    obligations: idsOf(duties),
    assumptions: onceEach([
      ...of.assumptions,
      ...unstated.assumptions,
      ...[...people, performer].flatMap(({ assumptions }) => assumptions),
      ...permissionAssumptions(owners, tried, present, ledger, ask),
    ]),
    nearestMiss: nearestMiss(owners, tried),
    nearestConsents: inOrder([...people, performer].flatMap(({ nearest }) => nearest)),
  };
}

const seen = ({ id, party, title, status }: Appearance) => {
  return { party, title, status, row: `appearances/${id}`, how: 'is seen here' };
};

/** Each once. */
function inOrder(nearest: readonly NearestConsent[]): NearestConsent[] {
  const unique = new Map(nearest.map((one) => [`${one.row} ${one.use}`, one]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id).sort();

/** Each reason once, the one that counts first, and the outcome of all. */
export function conclude(reasons: readonly Reason[]): Pick<Decision, 'outcome' | 'reasons'> {
  const key = ({ rule, row, message }: Reason) => JSON.stringify([rankOf(rule) + 100, row, message]);
  const unique = new Map(reasons.map((reason) => [key(reason), reason]));
  const sorted = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason);
  return { outcome: outcomeOf(sorted.map(({ rule }) => rule)), reasons: sorted };
}

function titleReasons(title: LedgerTitle, { broken }: Chain, ask: Ask): Reason[] {
  const row = `titles/${title.id}`;
  const sum = sumShares(title.shares.map(({ share }) => share));
  const owned =
    title.shares.length === 0 ? 'nobody is named as its owner' : `only ${percentOf(sum)} of it have an owner`;
  return [
    ...(isWithdrawn(title, ask.at)
      ? [{ rule: 'withdrawn' as const, row, message: `${title.name} was withdrawn on ${title.withdrawn}` }]
      : []),
    ...(broken
      ? [
          {
            rule: 'chain_of_title' as const,
            row,
            message: `the chain of title of ${title.name} contradicts its shares`,
          },
        ]
      : []),
    ...(isWhole(sum) ? [] : [{ rule: 'unknown' as const, row, message: `${title.name}: ${owned}` }]),
  ];
}
