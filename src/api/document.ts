import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Operation, urlOf } from '../jobs/index.ts';

type Registry = OpenAPIHono['openAPIRegistry'];

/**
 * Puts an operation into the OpenAPI document. zod writes the schemas itself: the OpenAPI generator recurses
 * without end on a schema that contains itself, such as `z.json()`.
 */
export function describeOperation(registry: Registry, operation: Operation): void {
  const { name, summary, input, output } = operation;
  const content = (side: 'input' | 'output', schema: z.ZodType) => ({
    'application/json': { schema: jsonSchema(registry, `${name}.${side}`, schema, side) },
  });
  registry.registerPath({
    method: 'post',
    path: urlOf(operation),
    summary,
    request: { body: { content: content('input', input) } },
    responses: { 200: { description: 'the result', content: content('output', output) } },
  });
}

/** The JSON Schema (2020-12, as OpenAPI 3.1 takes it); what it defines for itself becomes a component `<prefix>.*`. */
function jsonSchema(registry: Registry, prefix: string, schema: z.ZodType, io: 'input' | 'output'): object {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const here = `"#/components/schemas/${prefix}.`;
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = JSON.parse(text.replaceAll('"#/$defs/', here)) as {
    $schema: string;
    $defs?: Record<string, object>;
  };
  for (const [name, definition] of Object.entries($defs))
    registry.registerComponent('schemas', `${prefix}.${name}`, definition);
  return rest;
}
