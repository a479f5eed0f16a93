import { type Fraction, moneyOf, moneyText } from '../../rights/index.ts';
import { digestOf } from '../digest.ts';
import { countsReplicas, namesTargeted, type RuleId, STATEMENT_RULES } from '../statement-rules.ts';
import {
  type AmountLine,
  type ParticipantStatement,
  type Pool,
  type PoolName,
  poolNameSchema,
  type ReplicaLine,
  type SummaryStatement,
} from '../statement-schema.ts';
import { apportion } from './apportion.ts';
import {
  type ExposureClaim,
  exposureClaims,
  type Given,
  type ReferenceClaim,
  type Replica,
  type ReplicaClaim,
  referenceClaims,
  replicaClaims,
  type Training,
  targetedClaims,
  unclaimedIn,
} from './claims.ts';
import { plus, sumOf, whole, zero } from './fraction.ts';
import { fractionOf, textOf } from './fraction-text.ts';

/** All that statements of one period are made from. Nothing here depends on the order of its lists. */
export interface Accounts {
  period: { from: string; until: string };
  /** When the statements were made; undefined in those of versions that did not say it. */
  asOf?: string | undefined;
  pool: Pool | null;
  rule: RuleId;
  trainings: readonly Training[];
  given: readonly Given[];
  /** Rules that count none leave them out. */
  replicas: readonly Replica[];
  names: ReadonlyMap<string, string>;
  notKnown: readonly string[];
}

export interface Statements {
  summary: SummaryStatement;
  participants: ParticipantStatement[];
}

const notice =
  'This counts use; it does not say how much anything contributed to a model or a take. It is not legal advice.';

/** The statements of everybody concerned, and the studio's summary of them. */
export function statementsOf(accounts: Accounts): Statements {
  const claims = claimsIn(accounts);
  const divided = divide(accounts, weightsOf(accounts, claims));
  const ids = new Set(
    Object.values(claims).flatMap((lines: { party: string }[]) => lines.map(({ party }) => party)),
  );
  const ownOf = ownClaims(claims);
  const participants = [...ids]
    .sort()
    .map((id) => participantOf(accounts, id, ownOf(id), divided.amounts.get(id) ?? []));
  return { summary: summaryOf(accounts, participants, divided), participants };
}

/** Everybody's lines. */
interface Claims {
  exposure: ExposureClaim[];
  references: ReferenceClaim[];
  replicas: ReplicaClaim[];
}

function claimsIn({ trainings, given, replicas, rule }: Accounts): Claims {
  const targeted = namesTargeted(rule) ? trainings.flatMap(targetedClaims) : [];
  return {
    exposure: [...trainings.flatMap(exposureClaims), ...targeted],
    references: given.flatMap(referenceClaims),
    replicas: countsReplicas(rule) ? replicas.flatMap(replicaClaims) : [],
  };
}

/** Each party's own lines: there may be as many parties as lines. */
function ownClaims({ exposure, references, replicas }: Claims): (party: string) => Claims {
  const partyOf = ({ party }: { party: string }) => party;
  const shown = Map.groupBy(exposure, partyOf);
  const given = Map.groupBy(references, partyOf);
  const drawn = Map.groupBy(replicas, partyOf);
  return (party) => ({
    exposure: shown.get(party) ?? [],
    references: given.get(party) ?? [],
    replicas: drawn.get(party) ?? [],
  });
}

/** Nobody's part of a pool; no id of a ledger is empty. */
const nobody = '';
type Weights = Map<PoolName, Map<string, Fraction>>;

function weightsOf(accounts: Accounts, { exposure, references, replicas }: Claims): Weights {
  const learned = unclaimedIn(
    accounts.trainings.flatMap(({ shots }) =>
      shots.map(({ holders, seconds }) => ({ holders, weight: seconds })),
    ),
  );
  const used = unclaimedIn(accounts.given.map(({ holders }) => ({ holders, weight: whole(1) })));
  const side = (claims: readonly (ExposureClaim | ReferenceClaim)[], role: string, left: Fraction) =>
    byParty(claims.filter((claim) => claim.role === role)).set(nobody, left);
  return new Map([
    ['training.owners', side(exposure, 'owner', learned.owners)],
    ['training.performers', side(exposure, 'performer', learned.performers)],
    ['references.owners', side(references, 'owner', used.owners)],
    ['references.performers', side(references, 'performer', used.performers)],
    ['replicas.performers', byParty(replicas.map(({ party, seconds }) => ({ party, counted: seconds })))],
  ]);
}

function byParty(claims: readonly { party: string; counted: string }[]): Map<string, Fraction> {
  const weights = new Map<string, Fraction>();
  for (const { party, counted } of claims)
    weights.set(party, plus(weights.get(party) ?? zero, fractionOf(counted)));
  return weights;
}

interface Divided {
  amounts: Map<string, AmountLine[]>;
  undivided: SummaryStatement['undivided'];
}

function divide({ pool, rule }: Accounts, weights: Weights): Divided {
  const divided: Divided = { amounts: new Map(), undivided: [] };
  for (const name of poolNameSchema.options) {
    const amount = pool && amountIn(pool, name);
    if (amount) dividePool(divided, { pool: name, amount, rule }, weights.get(name) ?? new Map());
  }
  return divided;
}

function amountIn(pool: Pool, name: PoolName): string | undefined {
  if (name === 'replicas.performers') return pool.replicas?.performers;
  const [part, side] = name.split('.') as ['training' | 'references', 'owners' | 'performers'];
  return pool[part][side];
}

function dividePool(
  divided: Divided,
  { pool, amount, rule }: { pool: PoolName; amount: string; rule: RuleId },
  weights: Map<string, Fraction>,
): void {
  const { units, currency } = moneyOf(amount);
  const parts = apportion(units, weights, rule === 'exposure-1' ? null : nobody);
  if (!parts) {
    divided.undivided.push({ pool, amount, why: 'there was nothing to divide it by in the period' });
    return;
  }
  const of = textOf(sumOf(weights.values()));
  for (const [party, due] of parts) {
    const text = moneyText({ units: due, currency });
    const counted = textOf(weights.get(party) ?? zero);
    const lines = divided.amounts.get(party) ?? [];
    if (party !== nobody) divided.amounts.set(party, [...lines, { pool, amount, counted, of, due: text }]);
    else if (due > 0n) divided.undivided.push({ pool, amount: text, why: 'its owner is not known' });
  }
}

const commonOf = ({ period, asOf, pool, rule, notKnown }: Accounts) => ({
  version: 1 as const,
  rule: { id: rule, says: [...STATEMENT_RULES[rule]] },
  ...(asOf === undefined ? {} : { asOf }),
  ...{ period, pool, notKnown: [...new Set(notKnown)].sort(), notice },
});

const sealed = <T extends object>(content: T): T & { digest: string } => ({
  ...content,
  digest: digestOf(content),
});

function participantOf(
  accounts: Accounts,
  id: string,
  { exposure, references, replicas }: Claims,
  amounts: AmountLine[],
): ParticipantStatement {
  return sealed({
    ...commonOf({ ...accounts, notKnown: countOf(accounts.notKnown) }),
    kind: 'participant' as const,
    participant: { id, name: accounts.names.get(id) ?? id },
    exposure: linesOf(exposure),
    references: linesOf(references),
    ...(countsReplicas(accounts.rule) ? { replicas: replicasOf(linesOf(replicas)) } : {}),
    amounts,
  });
}

const replicasOf = (each: ReplicaLine[]) => ({
  takes: each.length,
  withdrawn: each.filter(({ withdrawn }) => withdrawn !== null).length,
  seconds: textOf(sumOf(each.map(({ seconds }) => fractionOf(seconds)))),
  each,
});

/** A participant learns that something is not counted, and not the names of other people's films. */
const countOf = (notKnown: readonly string[]): string[] =>
  notKnown.length === 0
    ? []
    : [
        `Not all of the period could be counted (cases: ${new Set(notKnown).size}): the studio's summary names them.`,
      ];

/** A party's own lines, in an order of their own. */
const linesOf = <T extends { party: string }>(claims: readonly T[]): Omit<T, 'party'>[] =>
  claims
    .map(({ party: _, ...line }) => ({ line, text: JSON.stringify(line) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ line }) => line);

function summaryOf(
  accounts: Accounts,
  participants: readonly ParticipantStatement[],
  { undivided }: Divided,
): SummaryStatement {
  const trainings = accounts.trainings.map(({ shots, targets: _, ...training }) => ({
    ...training,
    models: [...training.models],
    seconds: textOf(sumOf(shots.map(({ seconds }) => seconds))),
  }));
  return sealed({
    ...commonOf(accounts),
    kind: 'summary' as const,
    trainings: trainings.sort((a, b) => (`${a.run} ${a.snapshot}` < `${b.run} ${b.snapshot}` ? -1 : 1)),
    participants: participants.map(({ participant, amounts, exposure, replicas, digest }) => ({
      ...{ ...participant, amounts, ...targetedIn(exposure), ...replicasIn(replicas), statement: digest },
    })),
    undivided,
  });
}

function targetedIn(exposure: ParticipantStatement['exposure']): { targetedBy?: string[] } {
  const runs = new Set(exposure.flatMap(({ basis, run }) => (basis ? run : [])));
  return runs.size === 0 ? {} : { targetedBy: [...runs].sort() };
}

function replicasIn(replicas: ParticipantStatement['replicas']) {
  if (!replicas || replicas.takes === 0) return {};
  const { each: _, ...sums } = replicas;
  return { replicas: sums };
}
