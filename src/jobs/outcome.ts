import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Outcome, outcomeSchema } from '../contract/index.ts';

/** The run's outcome, or null while it has none. */
export async function outcomeOf(directory: string): Promise<Outcome | null> {
  const path = join(directory, 'outcome.json');
  if (!existsSync(path)) return null;
  return outcomeSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
