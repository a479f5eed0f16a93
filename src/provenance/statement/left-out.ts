import { countsReplicas, NEWEST_RULE, namesTargeted } from '../statement-rules.ts';
import { targetedClaims } from './claims.ts';
import type { Accounts } from './compute.ts';

/** An earlier rule is kept to the letter; whom and what it leaves out is told beside its statements. */
export const leftOutBy = (accounts: Accounts): string[] => [
  ...targetedLeftOut(accounts),
  ...replicasLeftOut(accounts),
];

function targetedLeftOut({ rule, trainings }: Accounts): string[] {
  if (namesTargeted(rule)) return [];
  const people = trainings.flatMap(targetedClaims).map(({ party }) => party);
  if (people.length === 0) return [];
  return [
    `Rule ${rule} has no line for who is targeted by a training and not seen in it: ${listOf(people)}. Pools by ${NEWEST_RULE} have.`,
  ];
}

function replicasLeftOut({ rule, replicas }: Accounts): string[] {
  if (countsReplicas(rule) || replicas.length === 0) return [];
  const people = replicas.flatMap(({ performers }) => performers);
  return [
    `Rule ${rule} counts no takes that are replicas: ${replicas.length} of ${listOf(people)}. Pools by ${NEWEST_RULE} do.`,
  ];
}

const listOf = (people: readonly string[]): string => [...new Set(people)].sort().join(', ');
