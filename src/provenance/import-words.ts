import { type ImportedHere, importWords } from './schema.ts';

/** What an import recorded, and what exists that it newly refuses. */
export const importedWords = ({ reached, notLookedUp, ...imported }: ImportedHere): string =>
  [
    importWords(imported),
    ...reached.map(
      ({ row, says, models, takes, command }) =>
        `! ${row} ${says}: ${models} models and ${takes} takes that exist rest on it and go on as they are. \`${command}\` lists them; without --dry-run it blocks them.`,
    ),
    ...(notLookedUp.length === 0
      ? []
      : [`! what rests on ${notLookedUp.length} more such rows was not looked up: --json names them`]),
  ].join('\n');
