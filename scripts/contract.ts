/**
 * Writes what the engine knows of the contract: zod (src/contract) -> contract.schema.json and contract.py.
 * `node scripts/contract.ts` writes, `node scripts/contract.ts --check` exits 1 when a file has drifted.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import * as job from '../src/contract/job.ts';
import * as permit from '../src/contract/permit.ts';
import * as run from '../src/contract/run.ts';
import * as snapshot from '../src/contract/snapshot.ts';
import { dataclasses } from './contract-python.ts';

const engine = new URL('../engine/backlot_engine/', import.meta.url);

/** Every exported `xySchema`, by the name that Python gives it: `Xy`. */
function exportedSchemas(): Record<string, z.ZodType> {
  const named = Object.entries({ ...job, ...permit, ...run, ...snapshot }).filter(([key]) =>
    key.endsWith('Schema'),
  );
  return Object.fromEntries(named.map(([key, schema]) => [pascal(key.replace(/Schema$/, '')), schema]));
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * Two spellings that the readers need not know. "Any JSON" refers to itself, which a nested definition cannot: it
 * becomes `{}`, anything. `type: [integer, null]` becomes the `anyOf` that every other nullable is written as.
 */
function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return {};
  if (!('type' in value) || !Array.isArray(value.type)) return value;
  const { type: types, ...rest } = value;
  return { ...rest, anyOf: types.map((type: unknown) => ({ type })) };
}

/** Whole-number bounds that only say "a safe integer" are JavaScript's own and mean nothing to Python. */
function dropSafeIntegerBounds(context: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const schema = context.jsonSchema;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

function schemaFile(): { $defs: Record<string, z.core.JSONSchema.BaseSchema> } {
  const $defs = Object.fromEntries(
    Object.entries(exportedSchemas()).map(([name, schema]) => {
      const {
        $schema: _schema,
        $defs: _self,
        ...body
      } = z.toJSONSchema(schema, { override: dropSafeIntegerBounds });
      return [name, body];
    }),
  );
  return JSON.parse(JSON.stringify({ $defs }, plain));
}

function main(): void {
  const schema = schemaFile();
  const files = {
    'contract.schema.json': `${JSON.stringify(schema, null, 1)}\n`,
    'contract.py': dataclasses(schema.$defs),
  };
  for (const [name, text] of Object.entries(files)) settle(new URL(name, engine), text);
}

function settle(file: URL, text: string): void {
  if (readOrEmpty(file) === text) return;
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    return;
  }
  console.error(`${file.pathname} differs from src/contract. Run: node scripts/contract.ts`);
  process.exitCode = 1;
}

function readOrEmpty(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

main();
