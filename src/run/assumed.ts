import type { RunResult } from './schema.ts';

const words = {
  cast_not_stated:
    'are of titles whose cast nobody has stated to be complete: that nobody else is seen is assumed. A row in casts of the ledger says so; a policy makes it a condition.',
  house_not_stated:
    'rest on grants to somebody by name, and nobody has stated whose house this is: that it is theirs is assumed. A policy of the ledger says who the house is.',
  materials_not_stated:
    'are of titles of which nobody has stated that everything of others in them is listed: that there is no more of it is assumed. A row in inventories of the ledger says so; a policy makes it a condition.',
  signing_not_dated:
    'rest on documents of which the ledger does not say when they were signed: that they were by then is assumed. The agreement (signed), or the consent or approval (on), says it.',
};

/** What an allowed shot rests on though no row says it, as people read it. */
export const assumedWords = ({
  cleared,
  assumed,
}: Pick<RunResult['rights'], 'cleared' | 'assumed'>): string[] =>
  Object.entries(words).flatMap(([assumption, says]) => {
    const count = assumed?.[assumption];
    return count === undefined ? [] : [`${count} of ${cleared} cleared shots ${says}`];
  });
