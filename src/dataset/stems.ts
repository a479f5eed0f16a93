import { sql } from 'drizzle-orm';
import type { Db } from '../db/index.ts';

/** Knows the stems of the words that it was given: `walks`, `walking` and `walk` have one. */
export type Stems = Map<string, string>;

/** Adds the stems of words, as the database's English stemmer makes them; a word that it has none for is its own. */
export async function learnStems(db: Db, stems: Stems, words: Iterable<string>): Promise<void> {
  const news = [...new Set(words)].filter((word) => !stems.has(word));
  if (news.length === 0) return;
  const { rows } = await db.execute<{ word: string; stem: string | null }>(
    sql`select word, (ts_lexize('english_stem', word))[1] as stem
      from jsonb_array_elements_text(${JSON.stringify(news)}::jsonb) word`,
  );
  for (const { word, stem } of rows) stems.set(word, stem ?? word);
}
