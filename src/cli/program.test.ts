import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { operations, stages } from '../pipeline.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { buildProgram } from './program.ts';

/** Every command that does something, with the words that call it. */
function leaves(command: Command, words: string[] = []): (readonly [string, Command])[] {
  if (command.commands.length === 0) return [[words.join(' '), command]];
  return command.commands.flatMap((child) => leaves(child, [...words, child.name()]));
}

/** What `--help` prints. */
function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  return parts.join('');
}

const commands = leaves(buildProgram());

it('every operation is a command by its own name', () => {
  const names = commands.map(([words]) => words);
  for (const { name } of operations) expect(names).toContain(name.replace('.', ' '));
});

it('the names that others build on are there', () => {
  const fixed =
    'demo, run, catalog add, catalog list, catalog show, shots detect, shots list, rights check, rights decide, rights explain, ' +
    'rights revoke, rights import, dataset freeze, dataset show, dataset verify, dataset export, assess, train, generate, ' +
    'review report, provenance show, provenance verify, provenance find, provenance audit, serve, status, jobs list, jobs cancel, jobs retry, ' +
    'workspace backup, workspace upgrade, doctor, bench';
  expect(commands.map(([words]) => words)).toEqual(expect.arrayContaining(fixed.split(', ')));
});

it.each(commands)(
  '%s --help shows an example of itself, the exit codes, --json and --workspace',
  (words, command) => {
    const help = helpOf(command);
    expect(help).toContain(`Example:\n  ./backlot ${words}`);
    for (const [code, meaning] of Object.entries(EXIT_CODES)) expect(help).toContain(`${code}  ${meaning}`);
    expect(help).toContain('--json');
    expect(help).toContain('--workspace');
  },
);

it('help tells a stage by the question that it answers, and which options must be given', () => {
  const program = buildProgram();
  const rights = program.commands.find((command) => command.name() === 'rights');
  expect(rights?.description()).toBe(stages.find(({ name }) => name === 'rights')?.question);
  const map = rights?.commands.find((command) => command.name() === 'map');
  const words = Object.fromEntries(map?.options.map(({ long, description }) => [long, description]) ?? []);
  expect(words['--to']).toMatch(/ \(required\)$/);
  expect(words['--section']).not.toContain('required');
});
