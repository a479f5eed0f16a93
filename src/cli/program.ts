import { Command, type CommanderError } from 'commander';
import product from '../../package.json' with { type: 'json' };
import type { Operation } from '../jobs/index.ts';
import { operations, stages } from '../pipeline.ts';
import { addBench } from './bench.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { type GlobalOptions, withGlobals } from './globals.ts';
import { addHouseCommands } from './house.ts';
import { addFields, inputOf } from './options.ts';
import { runAction, runOperation } from './run.ts';

const { version } = product;

/** The whole command line: one command for each operation, and those of the house. */
export function buildProgram(): Command {
  const program = new Command('backlot')
    .description('Train a video model on your own films, and prove for every take where it came from.')
    .version(`Backlot ${version}`, '--version', 'print the version')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for an example)')
    .exitOverride(endAtUsage)
    .addHelpText(
      'after',
      '\nBeside these: `./backlot test` (checks and tests) and `./backlot setup` (only sets up); both know --help.',
    )
    .addHelpText('afterAll', `\nExit codes:\n${exitCodeLines()}`);
  for (const operation of operations) addOperation(program, operation);
  addHouseCommands(program);
  addBench(program);
  return program;
}

/** Commander has told people on stderr by then; programs that asked for JSON are told on stdout. */
function endAtUsage({ exitCode, message }: CommanderError): never {
  if (exitCode === 0) process.exit(0);
  if (process.argv.includes('--json')) {
    const error = { code: 'bad-input', message: message.replace(/^error: /, '') };
    process.stdout.write(`${JSON.stringify({ error })}\n`);
  }
  process.exit(2);
}

function addOperation(program: Command, operation: Operation): void {
  const command = withGlobals(commandAt(program, operation.name.split('.'))).description(operation.summary);
  addFields(command, operation);
  const notes = operation.notes === undefined ? '' : `\n\n${operation.notes}`;
  command.addHelpText('after', `\nExample:\n  ./backlot ${operation.example}${notes}`);
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, -2);
    const options = command.opts<GlobalOptions & Record<string, unknown>>();
    await runAction(options, () => runOperation(operation, inputOf(operation, args, options), options));
  });
}

/** The (sub)command for a dotted name; `catalog.add` makes `catalog` where it is not there yet. */
function commandAt(program: Command, [first = '', second]: string[]): Command {
  const found = program.commands.find((command) => command.name() === first);
  const parent = found ?? program.command(first).description(groupWords(first));
  return second === undefined ? parent : parent.command(second);
}

/** Most groups are stages, told by the question that they answer; `adapter` and `audit` are things that a stage has. */
const groupWords = (name: string): string =>
  stages.find((stage) => stage.name === name)?.question ?? `${name} commands`;

const exitCodeLines = (): string =>
  Object.entries(EXIT_CODES)
    .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
    .join('\n');
