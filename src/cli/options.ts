import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Operation } from '../jobs/index.ts';

/** What the CLI needs of one field of an operation's input, read from its zod schema. */
interface Field {
  name: string;
  type: 'string' | 'number' | 'boolean' | 'array';
  /** Of a list: the option's name, which is given once for each of it; null: one option takes them all. */
  each: string | null;
  /** Whether it names what lies on disk: always, or unless it is an id. */
  path: (typeof pathKinds)[number] | null;
  /** The field whose text it is, read as a path: nobody gives it. */
  of: string | null;
  /** The heading that help lists it under; null: the usual one. */
  group: string | null;
  required: boolean;
  description: string;
  choices: string[] | null;
  fallback: unknown;
}

interface Property {
  type?: string | string[];
  anyOf?: Property[];
  enum?: string[];
  default?: unknown;
  description?: string;
  items?: Property;
  kind?: string;
  each?: string;
  group?: string;
  of?: string;
}

/** The fields of an operation's input, in the order of its schema. */
export function fieldsOf(operation: Operation): Field[] {
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldOf(name, property as Property, required.has(name)),
  );
}

function fieldOf(name: string, property: Property, required: boolean): Field {
  const plain = property.anyOf?.find(({ type }) => type !== 'null') ?? property;
  const type = plain.type === 'integer' ? 'number' : (plain.type ?? 'string');
  return {
    name,
    type: type as Field['type'],
    each: property.each ?? null,
    group: property.group ?? null,
    path: pathKinds.find((kind) => kind === (plain.kind ?? plain.items?.kind ?? property.kind)) ?? null,
    of: property.of ?? null,
    required,
    description: property.description ?? plain.description ?? '',
    choices: plain.enum ?? plain.items?.enum ?? null,
    fallback: property.default,
  };
}

const pathKinds = ['path', 'id-or-path'] as const;

/** Gives `command` the arguments and options that the operation's input has. */
export function addFields(command: Command, operation: Operation): void {
  const positional = operation.positional ?? [];
  const fields = fieldsOf(operation).filter(({ of }) => of === null);
  for (const name of positional) {
    const field = fields.find((candidate) => candidate.name === name);
    if (field) command.argument(argumentOf(field), field.description);
  }
  for (const field of fields.filter(({ name }) => !positional.includes(name))) {
    command.addOption(optionOf(field));
    if (field.type === 'boolean' && field.fallback === true) command.addOption(refusalOf(field));
  }
}

/** What is on unless said otherwise can be switched off. */
const refusalOf = ({ name }: Field): Option => new Option(`--no-${kebab(name)}`, 'without it');

function argumentOf({ name, type, required }: Field): string {
  const text = type === 'array' ? `${name}...` : name;
  return required ? `<${text}>` : `[${text}]`;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The field's name among what commander has read. */
const readAs = ({ name, each }: Field): string => each ?? name;

function optionOf(field: Field): Option {
  const option = new Option(`--${kebab(readAs(field))}${placeholderOf(field)}`, describe(field));
  if (field.each !== null) option.argParser((value, before?: string[]) => [...(before ?? []), value]);
  if (field.choices) option.choices(field.choices);
  if (field.required) option.makeOptionMandatory();
  if (field.group !== null) option.helpGroup(field.group);
  return option;
}

function placeholderOf({ type, each }: Field): string {
  if (type === 'boolean') return '';
  return type === 'array' && each === null ? ' <values...>' : ' <value>';
}

const describe = ({ description, fallback, required }: Field): string =>
  required
    ? `${description} (required)`
    : fallback === undefined || fallback === null || fallback === false || JSON.stringify(fallback) === '[]'
      ? description
      : `${description} (default: ${JSON.stringify(fallback)})`;

/** The input that a command line asks for. Relative paths become absolute here: another process may do the work. */
export function inputOf(operation: Operation, args: unknown[], options: Record<string, unknown>): object {
  const given: Record<string, unknown> = { ...options };
  (operation.positional ?? []).forEach((name, index) => {
    if (args[index] !== undefined) given[name] = args[index];
  });
  const fields = fieldsOf(operation);
  for (const { name, of } of fields) if (of !== null) given[name] = given[of];
  const told = fields.filter((field) => given[readAs(field)] !== undefined);
  return Object.fromEntries(told.map((field) => [field.name, inputValue(field, given[readAs(field)])]));
}

/** As `idOf` makes them of content. */
const isId = /^[a-z]{3}_[0-9a-f]{12}$/;

function inputValue(field: Field, raw: unknown): unknown {
  if (field.type === 'number' && typeof raw === 'string' && raw.trim() !== '') return Number(raw);
  if (field.path === null || (field.path === 'id-or-path' && isId.test(String(raw)))) return raw;
  return Array.isArray(raw) ? raw.map((path: string) => resolve(path)) : resolve(raw as string);
}
