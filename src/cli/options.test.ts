import { resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineOperation, type Operation } from '../jobs/index.ts';
import { operations } from '../pipeline.ts';
import { addFields, fieldsOf, inputOf } from './options.ts';

const path = z.string().meta({ kind: 'path' });

const operation = defineOperation({
  name: 'shots.try',
  summary: 'try every sort of field',
  example: 'shots try a.mp4 b.mp4 --as-of 2026-01-01',
  input: z.strictObject({
    paths: z.array(path.describe('film')).min(1).describe('films'),
    asOf: z.string().describe('a day'),
    learningRate: z.number().optional().describe('a number'),
    steps: z.int().nullable().default(null).describe('a whole number or nothing'),
    method: z.enum(['scratch', 'lora']).default('lora').describe('how'),
    captions: z.array(z.string()).default([]).describe('words'),
    members: z.array(z.string()).optional().describe('who').meta({ each: 'member' }),
    quick: z.boolean().default(false).describe('less'),
    mirror: z.boolean().default(true).describe('both ways'),
    ledger: path.optional().describe('a file'),
    film: z.string().meta({ kind: 'id-or-path' }).optional().describe('a film'),
    shown: z.string().optional().describe('a film or title'),
    at: path.optional().meta({ of: 'shown' }).describe('the same as a path'),
    shift: z.number().optional().meta({ group: 'Tuning:', description: 'seldom' }),
  }),
  output: z.object({}),
  positional: ['paths'],
  handler: async () => ({}),
}) as unknown as Operation;

/** The input that a command line makes; what commander refuses is thrown. */
function parse(line: string[]): Record<string, unknown> {
  let input: object = {};
  const command = new Command('try')
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  addFields(command, operation);
  command.action((...given: unknown[]) => {
    input = inputOf(operation, given.slice(0, -2), command.opts());
  });
  command.parse(['a.mp4', '--as-of', '2026-01-01', ...line], { from: 'user' });
  return input as Record<string, unknown>;
}

describe('a command line becomes an input', () => {
  it("with what was given and nothing else, so that defaults are zod's alone", () => {
    expect(parse([])).toEqual({ paths: [resolve('a.mp4')], asOf: '2026-01-01' });
  });

  it('with several positional values and absolute paths, as another process may do the work', () => {
    expect(parse(['b c.mp4', '--ledger', 'l.yaml'])).toMatchObject({
      paths: [resolve('a.mp4'), resolve('b c.mp4')],
      ledger: resolve('l.yaml'),
    });
  });

  it('with a film by its id as it is, by its path from where the command was given', () => {
    expect(parse(['--film', 'fil_0123456789ab'])).toMatchObject({ film: 'fil_0123456789ab' });
    expect(parse(['--film', 'reels/1.mov'])).toMatchObject({ film: resolve('reels/1.mov') });
  });

  it('with what `catalog show` is asked for as it is, and as a path from where the command was given', () => {
    const names = ['A Film', 'package.json', 'gone/1.mov', 'plate.%04d.exr', '/share/1.mov', 'あ'.repeat(90)];
    for (const name of names)
      expect(parse(['--shown', name])).toMatchObject({ shown: name, at: resolve(name) });
    expect(() => parse(['--at', 'gone/1.mov'])).toThrow(/unknown option/);
    const show = operations.find(({ name }) => name === 'catalog.show') as Operation;
    expect(inputOf(show, ['gone/1.mov'], {})).toEqual({ id: 'gone/1.mov', at: resolve('gone/1.mov') });
  });

  it('that tells every film which a command takes by id or path from a name', () => {
    const named = operations.flatMap((one) =>
      fieldsOf(one).filter(({ description }) => /^id or path/.test(description)),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter(({ path }) => path !== 'id-or-path')).toEqual([]);
  });

  it('with numbers, switches and lists of their own type', () => {
    const input = parse([
      '--learning-rate',
      '1e-3',
      '--steps',
      '7',
      '--quick',
      '--captions',
      'a fox',
      'a boat',
    ]);
    expect(input).toMatchObject({
      learningRate: 0.001,
      steps: 7,
      quick: true,
      captions: ['a fox', 'a boat'],
    });
  });

  it('with a list of which each has an option of its own, that takes no value after it', () => {
    expect(parse(['--member', 'ann', '--member', 'bob'])).toMatchObject({ members: ['ann', 'bob'] });
    expect(parse(['--member', 'ann', 'b.mp4'])).toMatchObject({
      members: ['ann'],
      paths: [resolve('a.mp4'), resolve('b.mp4')],
    });
  });

  it('with a switch that is on turned off where that is said', () => {
    expect(parse(['--no-mirror'])).toMatchObject({ mirror: false });
    expect(parse(['--mirror'])).toMatchObject({ mirror: true });
  });

  it('with text where a number was due left as it is, for zod to refuse', () => {
    for (const wrong of ['', 'many', '1,5']) {
      const found = operation.input.safeParse(parse(['--steps', wrong]));
      expect(found.success).toBe(false);
    }
  });

  it('unless a choice, a needed option or an option that is not there stands in the way', () => {
    expect(() => parse(['--method', 'magic'])).toThrow(/Allowed choices are scratch, lora/);
    expect(() => parse(['--colour'])).toThrow(/unknown option/);
    const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    addFields(command, operation);
    expect(() => command.parse(['a.mp4'], { from: 'user' })).toThrow(/--as-of/);
  });
});

it('an option says its help text and its default', () => {
  const command = new Command();
  addFields(command, operation);
  const help = command.helpInformation();
  expect(help).toContain('how (default: "lora") (choices: "scratch", "lora")');
  expect(help).not.toMatch(/words \(default/);
});

it('an option that few need stands under a heading of its own', () => {
  const command = new Command();
  addFields(command, operation);
  const [usual = '', tuning = ''] = command.helpInformation().split('Tuning:');
  expect(tuning).toContain('--shift <value>');
  expect(usual).not.toContain('--shift');
  expect(usual).toContain('--ledger');
});

it.each(operations.map((each) => [each.name, each] as const))(
  '%s has only fields that a command line can give, each with a help text',
  (_name, each) => {
    for (const field of fieldsOf(each)) {
      expect(['string', 'number', 'boolean', 'array']).toContain(field.type);
      expect(`${field.name}: ${field.description}`).toMatch(/: ./);
    }
  },
);
