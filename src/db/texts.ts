import { type SQL, sql } from 'drizzle-orm';

/** Thousands of texts as one parameter, an array whose length the planner knows: then it looks up by index rather than reading a million rows. */
export const texts = (all: Iterable<string>): SQL =>
  sql`${`{${[...all].map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join()}}`}::text[]`;
