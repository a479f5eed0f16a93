import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A report's folder, and when what it reports was written last, in milliseconds since 1970. */
interface WrittenReport {
  name: string;
  folder: string;
  at: number;
}

/** Reports of a folder, the newest first. @param among names to look for, else all */
export async function writtenReports(reports: string, among?: readonly string[]): Promise<WrittenReport[]> {
  const names = among ?? (await readdir(reports).catch(() => []));
  const found = await Promise.all(
    names.filter((name) => !name.startsWith('.')).map((name) => dated(reports, name)),
  );
  return found.flatMap((one) => one ?? []).sort((a, b) => b.at - a.at);
}

async function dated(reports: string, name: string): Promise<WrittenReport | null> {
  const folder = join(reports, name);
  const facts = await stat(join(folder, 'report.json')).catch(() => null);
  return facts && { name, folder, at: facts.mtimeMs };
}
