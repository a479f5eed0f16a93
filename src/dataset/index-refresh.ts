import { basename } from 'node:path';
import {
  type CatalogFile,
  catalogMark,
  filmMarks,
  frameTable,
  listFiles,
  listSidecars,
} from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Decided, newestDecisions, recordedOutcomes, withdrawnShots } from '../rights/index.ts';
import { listShots, passMarks, type Shot, shotsMark } from '../shots/index.ts';
import { captionAlarms } from './alarms.ts';
import { captionMarks, captionsMark } from './caption-store.ts';
import type { FileWords } from './captions.ts';
import { insideOf } from './film-tracks.ts';
import { wordsOf } from './film-words.ts';
import { clockOf } from './films.ts';
import {
  addShots,
  countTotals,
  type NewShot,
  type Numbers,
  sortWords,
  Terms,
  Vocabulary,
} from './index-fill.ts';
import { indexedShot, tokens, wordsToFind } from './index-rows.ts';
import { type Index, readMark, removeFiles, rowsOf, together, writeMark } from './index-store.ts';
import { wordsForShot } from './measured.ts';
import { spanOf } from './plan.ts';
import type { FoundShot } from './schema.ts';
import { learnStems, type Stems } from './stems.ts';
import { writtenWords } from './written-words.ts';

/** Films that are indexed in one transaction: a run that is stopped loses no more. */
const filmsAtOnce = 50;

/** Brings the index up to date with the films, their shots and their sidecars; only what changed is read again. */
export async function refreshIndex(context: Context, index: Index): Promise<void> {
  const mark = await catalogueMark(context);
  if ((await readMark(index, 'films')) === mark) return;
  const wanted = await filesWanted(context);
  const known = await rowsOf(index, 'SELECT no, id, mark FROM files');
  const fresh = new Set(
    known.filter(({ id, mark }) => wanted.get(String(id))?.mark === mark).map(({ id }) => id),
  );
  const stale = known.filter(({ id }) => !fresh.has(id)).map(({ no }) => Number(no));
  await together(index, () => removeFiles(index, stale));
  const news = [...wanted.values()].filter(({ file }) => !fresh.has(file.id));
  await addFilms(context, index, news);
  await together(index, async () => {
    await sortWords(index);
    await placeFiles(index, [...wanted.keys()]);
    await countTotals(index);
    await index.run("DELETE FROM marks WHERE what = 'outcomes'");
    await writeMark(index, 'films', mark);
  });
  await index.run('CHECKPOINT');
}

/** Changes when anything does that the index is made from, but decisions. */
export const catalogueMark = async ({ db }: Pick<Context, 'db'>): Promise<string> =>
  `${await catalogMark(db)} ${await shotsMark(db)} ${await captionsMark(db)}`;

interface Wanted {
  file: CatalogFile;
  mark: string;
}

/** Files whose shots are found, by title, reel and path, and what each one's rows were made from. */
async function filesWanted({ db }: Context): Promise<Map<string, Wanted>> {
  const [films, passes, captions] = [await filmMarks(db), await passMarks(db), await captionMarks(db)];
  const files = (await listFiles(db)).filter(({ id }) => passes.has(id));
  return new Map(
    files.map((file) => {
      const mark = `${films.get(file.id)} ${passes.get(file.id)} ${captions.get(file.id) ?? 0}`;
      return [file.id, { file, mark }];
    }),
  );
}

async function addFilms(context: Context, index: Index, news: readonly Wanted[]): Promise<void> {
  const stems: Stems = new Map();
  const terms = await Terms.read(index, (word) => stems.get(word) ?? word);
  const numbers = { terms, vocabulary: await Vocabulary.read(index) };
  const withdrawn = news.length > 0 ? await withdrawnShots(context) : new Set<string>();
  for (let at = 0; at < news.length; at += filmsAtOnce) {
    context.signal.throwIfAborted();
    context.report({ phase: 'indexing shots', done: at, total: news.length, unit: 'films' });
    await together(index, async () => {
      for (const wanted of news.slice(at, at + filmsAtOnce))
        await addFilm(context, index, { ...wanted, numbers, stems, withdrawn });
      await terms.keep(index);
      await numbers.vocabulary.keep(index);
    });
  }
}

/** Answers are about many films: those that a notice does not name already are named. */
function aboutFilm({ path }: CatalogFile, { message }: { message: string }): string {
  const name = basename(path);
  return message.startsWith(name) ? message : `${name}: ${message}`;
}

interface Filling {
  numbers: Numbers;
  stems: Stems;
  /** Shots that are found by what is measured alone. */
  withdrawn: ReadonlySet<string>;
}

async function addFilm(
  context: Context,
  index: Index,
  { file, mark, numbers, stems, withdrawn }: Wanted & Filling,
): Promise<void> {
  const { db } = context;
  const places = await listShots(db, file.id);
  const written = await writtenWords(db, file.id, places);
  const { words, notices } = await wordsOf(
    await clockOf(context, file),
    await listSidecars(db, file.id),
    written,
    insideOf(file, context.signal),
  );
  const shots = await foundShots(context, file, places, words, withdrawn);
  await learnStems(db, stems, shots.flatMap(everyWord));
  const [no, first] = [await nextNumber(index, 'files'), await nextNumber(index, 'shots')];
  await index.run('INSERT INTO files VALUES (?, ?, ?, 0)', [no, file.id, mark]);
  const alarms = captionAlarms(shots).map(({ rule, message }) => `${rule} in ${file.titleName}: ${message}`);
  for (const message of [...notices.map((notice) => aboutFilm(file, notice)), ...alarms]) {
    await index.run('INSERT INTO notices VALUES (?, ?)', [no, message]);
  }
  const stem = (word: string) => stems.get(word) ?? word;
  const rows = shots.map(
    (shot, i): NewShot => ({ no: first + i, file: no, shot, words: wordsToFind(shot, stem) }),
  );
  await addShots(index, numbers, rows);
}

/** Times of subtitles are looked up in the film's frame table, which is read only where there are some. */
async function foundShots(
  context: Context,
  file: CatalogFile,
  shots: readonly Shot[],
  words: FileWords,
  withdrawn: ReadonlySet<string>,
): Promise<FoundShot[]> {
  const table =
    words.subtitles.length > 0 ? await frameTable(context, file.id) : { timeBase: '1/1', pts: [] };
  return shots.map((shot) => {
    const span = spanOf(table, { in: shot.in, out: shot.out, words: wordsForShot(shot.facts) });
    return withdrawn.has(shot.id)
      ? indexedShot(file, withoutWords(shot), span, noWords)
      : indexedShot(file, shot, span, words);
  });
}

const noWords: FileWords = { person: [], model: [], shotList: [], sidecar: [], subtitles: [] };

const withoutWords = ({ facts: { text: _, ...facts }, ...shot }: Shot): Shot => ({ ...shot, facts });

const everyWord = (shot: FoundShot): string[] =>
  [...wordsToFind(shot, (word) => word), shot.light, shot.source, shot.text, shot.speech].flatMap((text) =>
    tokens(text ?? ''),
  );

async function nextNumber(index: Index, table: 'files' | 'shots'): Promise<number> {
  const [row] = await rowsOf(index, `SELECT coalesce(max(no) + 1, 0) AS next FROM ${table}`);
  return Number(row?.next);
}

/** Answers come by title, reel and path, whenever a film was added. */
async function placeFiles(index: Index, ids: readonly string[]): Promise<void> {
  const places = JSON.stringify(ids.map((id, place) => ({ id, place })));
  await index.run(
    `UPDATE files SET place = p.place FROM
      (SELECT unnest(from_json(?::JSON, '[{"id":"VARCHAR","place":"INTEGER"}]'), max_depth := 2)) p WHERE p.id = files.id`,
    [places],
  );
}

/** Puts to each shot what was last decided of it. @returns which decisions; null where none are on record */
export async function refreshOutcomes(
  { db }: Context,
  index: Index,
  use: Decided['use'],
): Promise<Omit<Decided, 'decidedAt'> | null> {
  const decided = await newestDecisions(db, use);
  const mark = JSON.stringify(decided ?? use);
  const { decidedAt: _, ...by } = decided ?? { decidedAt: null };
  if ((await readMark(index, 'outcomes')) === mark) return decided && (by as Omit<Decided, 'decidedAt'>);
  const outcomes = decided ? await recordedOutcomes(db, decided) : [];
  await together(index, async () => {
    await setOutcomes(index, outcomes);
    await writeMark(index, 'outcomes', mark);
  });
  return decided && (by as Omit<Decided, 'decidedAt'>);
}

async function setOutcomes(
  index: Index,
  outcomes: readonly { shotId: string; outcome: string }[],
): Promise<void> {
  // Outcomes are asked for by their whole name.
  const terms = await Terms.read(index, (word) => word);
  await index.run('CREATE OR REPLACE TEMP TABLE outcomes (id VARCHAR, outcome INTEGER)');
  const appender = await index.createAppender('outcomes');
  for (const { shotId, outcome } of outcomes) {
    appender.appendVarchar(shotId);
    appender.appendInteger(terms.numberOf('outcome', outcome) as number);
    appender.endRow();
  }
  appender.closeSync();
  const undecided = terms.numberOf('outcome', 'UNDECIDED');
  await terms.keep(index);
  await index.run(`UPDATE shots SET outcome = ${undecided}`);
  await index.run('UPDATE shots SET outcome = o.outcome FROM outcomes o WHERE o.id = shots.id');
  await countTotals(index);
}
