import { readFile } from 'node:fs/promises';
import type { z } from 'zod';

/** A file of a folder that others wrote. Null where it is missing, no JSON or unlike the schema: the engine refuses it by name. */
export async function jsonIn<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  return jsonAs(await readFile(path, 'utf8').catch(() => ''), schema);
}

/** Null for a text that is no JSON or unlike the schema. */
export function jsonAs<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
