import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import type { Removed } from '../contract/index.ts';
import { type Context, purgeTexts, textsFile } from '../jobs/index.ts';
import { purgeReportWords, reportCopies, reportsUnread } from '../review/index.ts';
import { listed } from './reach.ts';

/** The words of briefs that were made of withdrawn captions: where they are, and how they go (ADR 0125). */

type Where = Pick<Context, 'db' | 'paths'>;

/** What is looked through for words. */
export interface Worded {
  /** Takes whose words go. */
  takes: readonly string[];
  /** Runs that drew them, and those of which no take is recorded. */
  runs: readonly string[];
}

/** The signed take, and what a signing that was killed has left of it. */
const signedFiles = (paths: Context['paths'], take: string): string[] => {
  const path = join(paths.takes, 'signed', `${take}.mp4`);
  return [path, `${path}.tmp`];
};

/** Files that hold the words: those beside the jobs, signed takes and the copies of them in reports. */
export async function filesWorded(
  { paths }: Where,
  { takes, runs }: Worded,
): Promise<[Removed['what'], string][]> {
  const texts = runs.flatMap((id) => textsFile(join(paths.runs, id)) ?? []);
  const own = takes.flatMap((id) => signedFiles(paths, id)).filter((path) => existsSync(path));
  const copies = await reportCopies({ paths }, takes);
  const pages = await reportsUnread({ paths }, takes);
  return [
    ...[...texts, ...pages].map((file): [Removed['what'], string] => ['caption', file]),
    ...[...own, ...copies].map((file): [Removed['what'], string] => ['signed-take', file]),
  ];
}

/** What columns hold of the words, as lines. */
export const columnsWorded = ({ takes }: Worded): [Removed['what'], string, SQL][] => [
  [
    'caption',
    'generate_takes.brief.text',
    sql`select id || ' ' || (brief ->> 'text') as line from generate_takes
      where brief ->> 'text' <> '' and id in ${listed(takes)}`,
  ],
  [
    'caption',
    'provenance_records.record.lineage.take.text',
    sql`select take_id || ' ' || (record #>> '{lineage,take,text}') as line from provenance_records
      where record #>> '{lineage,take,text}' <> '' and take_id in ${listed(takes)}`,
  ],
];

const hashOf = (text: SQL): SQL => sql`encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;

/** Takes the words away wherever they are here; of each take its hash of them stays. Each step can be repeated. */
export async function purgeBriefWords({ db, paths }: Where, { takes, runs }: Worded): Promise<void> {
  for (const run of runs) await purgeTexts(join(paths.runs, run));
  if (takes.length === 0) return;
  await db.execute(sql`
    update generate_takes set brief = jsonb_set(brief || '{"text": ""}', '{caption,removed}',
      to_jsonb(${hashOf(sql`brief ->> 'text'`)}))
    where brief ->> 'text' <> '' and id in ${listed(takes)}`);
  await db.execute(sql`
    update provenance_records set record = jsonb_set(record, '{lineage,take}', (record #> '{lineage,take}')
      || jsonb_build_object('text', '', 'removed', ${hashOf(sql`record #>> '{lineage,take,text}'`)}))
    where record #>> '{lineage,take,text}' <> '' and take_id in ${listed(takes)}`);
  for (const file of takes.flatMap((take) => signedFiles(paths, take))) await rm(file, { force: true });
  await purgeReportWords({ db, paths }, takes);
}
