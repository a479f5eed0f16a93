import type { RunResult } from './schema.ts';

/** What an allowed shot rests on though no row says it, as people read it. */
export const assumedWords = ({
  cleared,
  assumed,
}: Pick<RunResult['rights'], 'cleared' | 'assumed'>): string[] =>
  assumed?.cast_not_stated === undefined
    ? []
    : [
        `${assumed.cast_not_stated} of ${cleared} cleared shots are of titles whose cast nobody has stated to be complete: that nobody else is seen is assumed. A row in casts of the ledger says so; a policy makes it a condition.`,
      ];
