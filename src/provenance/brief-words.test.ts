import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PgDialect } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { writeReport } from '../review/index.ts';
import { testReport } from '../review/report.test-support.ts';
import { digestOf, sha256Of } from './digest.ts';
import type { Withdrawal } from './schema.ts';
import { showTake } from './show.ts';
import { withdraw } from './withdraw.ts';
import { withdrawalWords } from './withdrawal-words.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';
import { lineageWords } from './words.ts';

/** Takes of the base alone, of briefs that `run` made of two titles' captions, and of one that a person wrote. */

const WORDS = 'the wexford lantern swings';
const OTHERS = 'a kestrel over the quarry';
const captionOf = (title: string) => ({ dataset: `dst_${title}`, shot: `sht_${title}-0` });
const BRIEFS = [
  { id: 'tak_words', brief: '01-text', text: WORDS, run: 'run_words', caption: captionOf('harbour') },
  { id: 'tak_others', brief: '02-text', text: OTHERS, run: 'run_words', caption: captionOf('quarry') },
  { id: 'tak_earlier', brief: '01-text', text: WORDS, run: 'run_earlier', caption: captionOf('harbour') },
  { id: 'tak_person', brief: '01-text', text: WORDS, run: 'run_person', caption: undefined },
];

let context: Context;
let close: () => Promise<void>;
let page: string;
let done: Withdrawal;

async function addTake({ id, brief, text, run, caption }: (typeof BRIEFS)[number]): Promise<void> {
  const { paths, db } = context;
  const video = join(paths.takes, `${id}.mp4`);
  await mkdir(join(paths.takes, 'signed'), { recursive: true });
  await writeFile(video, `frames of ${id}`);
  await writeFile(join(paths.takes, 'signed', `${id}.mp4`), `frames and manifest: ${text}`);
  const kept = { id: brief, text, adapters: [], references: [], caption };
  const made = { id, briefId: brief, brief: kept, modelId: 'mdl_base', runId: run, candidate: 0, seed: 1 };
  const files = { rawPath: '', rawSha256: '', videoPath: video, videoSha256: hashOf(id) };
  await db.insert(tables.generateTakes).values({ ...made, ...files });
  await addRecord(id, text);
}

async function addRecord(takeId: string, text: string): Promise<void> {
  const { lineage } = await showTake(context, takeId);
  const signed = {
    signedPath: join(context.paths.takes, 'signed', `${takeId}.mp4`),
    state: 'Trusted' as const,
  };
  const signedSha256 = sha256Of(`frames and manifest: ${text}`);
  const record = { takeId, lineage, recordDigest: digestOf(lineage), signedSha256, signedAt: '', ...signed };
  await context.db.insert(tables.provenanceRecords).values({ takeId, record, signedSha256, ...signed });
}

async function addRun(run: string, job: object, texts: string[] | null): Promise<void> {
  const folder = join(context.paths.runs, run);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'job.json'), JSON.stringify({ kind: 'generate', ...job }));
  if (texts) await writeFile(join(folder, 'texts.json'), JSON.stringify(texts));
}

async function addReport(): Promise<void> {
  const video = (id: string) => join(context.paths.takes, 'signed', `${id}.mp4`);
  const { rights: _, ...report } = testReport('', '');
  const [like] = report.takes;
  if (!like) throw new Error('the made-up report has takes');
  const takes = BRIEFS.map(({ id, text }) => ({ ...like, id, text, video: video(id) }));
  page = await writeReport(context, { ...report, rights: null, name: 'words', takes });
}

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  for (const brief of BRIEFS) await addTake(brief);
  await addRun('run_words', { briefs: [{ id: '01-text' }, { id: '02-text' }] }, [WORDS, OTHERS]);
  await addRun('run_earlier', { briefs: [{ id: '01-text', text: WORDS }] }, null);
  await addRun('run_person', { briefs: [{ id: '01-text' }] }, [WORDS]);
  await addReport();
  done = await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
});
afterAll(() => close());

/** Files of the workspace that hold the words. */
async function filesSaying(words: string): Promise<string[]> {
  const { root } = context.paths;
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(words)) found.push(path.slice(root.length + 1));
  }
  return found.sort();
}

const rowsSaying = async (words: string): Promise<string[]> => {
  const takes = await context.db.select().from(tables.generateTakes);
  const records = await context.db.select().from(tables.provenanceRecords);
  const says = (row: object) => JSON.stringify(row).includes(words);
  return [...takes.filter(says).map(({ id }) => id), ...records.filter(says).map(({ takeId }) => takeId)];
};

it('takes that were given a caption are reached, whatever drew them; what a person wrote is not', () => {
  const reached = done.touched.filter(({ kind }) => kind === 'take').map(({ id }) => id);
  expect(reached).toEqual(expect.arrayContaining(['tak_words', 'tak_earlier']));
  for (const other of ['tak_others', 'tak_person']) expect(reached).not.toContain(other);
  expect(done.worded).toEqual(['tak_earlier', 'tak_words']);
  expect(withdrawalWords(done)).toContain('The words of 2 takes were captions of it: they are removed');
  const words = done.touched.find(({ id }) => id === 'tak_words');
  expect(words?.via).toBe('titles/harbour, shot sht_harbour-0');
});

it('the words are in no row, file or page any more, but where a person wrote them or a job is bound to them', async () => {
  expect(await rowsSaying('wexford')).toEqual(['tak_person', 'tak_person']);
  expect(await filesSaying('wexford')).toEqual([
    'reports/words/index.html',
    'reports/words/report.json',
    'reports/words/takes/tak_person.mp4',
    'runs/run_earlier/job.json',
    'runs/run_person/texts.json',
    'takes/signed/tak_person.mp4',
  ]);
  const { takes } = JSON.parse(await readFile(join(dirname(page), 'report.json'), 'utf8'));
  const said = takes.map(({ id, text }: { id: string; text: string }) => `${id}: ${text}`);
  expect(said).toEqual([
    'tak_words: A caption of what was withdrawn: the words are removed.',
    `tak_others: ${OTHERS}`,
    'tak_earlier: A caption of what was withdrawn: the words are removed.',
    `tak_person: ${WORDS}`,
  ]);
});

it("another title's words stay with its take; the run's list of words goes whole", async () => {
  expect(await rowsSaying('kestrel')).toEqual(['tak_others', 'tak_others']);
  expect(existsSync(join(context.paths.runs, 'run_words', 'texts.json'))).toBe(false);
  expect(await filesSaying('kestrel')).toContain('takes/signed/tak_others.mp4');
});

it('the report shows the unsigned video of such a take', async () => {
  const copy = join(dirname(page), 'takes', 'tak_words.mp4');
  expect(await readFile(copy, 'utf8')).toBe('frames of tak_words');
});

it('the take says that its words are gone, with their hash, by which the record is found whole again', async () => {
  const show = await showTake(context, 'tak_words');
  expect(lineageWords(show)).toContain(`removed (sha256 ${sha256Of(WORDS)})`);
  expect(lineageWords(show)).toContain('held these words and is removed');
  const { lineage, signed } = await showTake(context, 'tak_earlier');
  const { removed, ...take } = lineage.take;
  expect(removed).toBe(sha256Of(WORDS));
  expect(signed?.recordDigest).toBe(digestOf({ ...lineage, take: { ...take, text: WORDS } }));
});

it('what went is signed before, by its hash, and a job of an earlier version is a task for people', async () => {
  const { payload } = JSON.parse(await readFile(done.record ?? '', 'utf8'));
  const { removed } = JSON.parse(Buffer.from(payload, 'base64').toString());
  const names = removed.map(({ what, name }: { what: string; name: string }) => `${what} ${name}`);
  expect(names).toEqual(
    expect.arrayContaining([
      'caption runs/run_words/texts.json',
      'signed-take takes/signed/tak_words.mp4',
      'signed-take reports/words/takes/tak_words.mp4',
      'caption generate_takes.brief.text',
      'caption provenance_records.record.lineage.take.text',
    ]),
  );
  const task = done.tasks.find(({ subject }) => subject === 'run run_earlier');
  expect(task?.what).toContain('its job.json holds captions');
  expect(done.tasks.map(({ subject }) => subject)).not.toContain('run run_person');
});

it('given again it finds the takes still, and nothing more to remove', async () => {
  const before = await rowsSaying('removed');
  const again = await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
  expect(again.touched.map(({ id }) => id)).toContain('tak_words');
  expect(await rowsSaying('removed')).toEqual(before);
  expect((await showTake(context, 'tak_words')).lineage.take.removed).toBe(sha256Of(WORDS));
});

it('the takes of which words go are looked for once in a withdrawal: all of them are read for it', async () => {
  const asked = vi.spyOn(context.db, 'execute');
  await withdraw(context, { title: 'quarry', territory: 'world', dryRun: true });
  const texts = asked.mock.calls.map(([query]) =>
    typeof query === 'string' ? query : new PgDialect().sqlToQuery(query.getSQL()).sql,
  );
  asked.mockRestore();
  expect(texts.filter((text) => text.includes("brief ? 'caption'"))).toHaveLength(1);
});
