import type { Command } from 'commander';

/** Where a workspace lies when nobody says: a folder beside the person, not inside the program. */
const DEFAULT_WORKSPACE = 'backlot-workspace';

export interface GlobalOptions {
  workspace: string;
  json?: boolean;
}

/** The options that every command has. */
export const withGlobals = (command: Command): Command =>
  command
    .option('--workspace <dir>', 'the folder that holds everything Backlot makes', workspaceDefault())
    .option('--json', 'print one JSON object on stdout and nothing else there');

const workspaceDefault = (): string => process.env.BACKLOT_WORKSPACE ?? DEFAULT_WORKSPACE;
