import { sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';

const { shotsShots } = tables;

/** A name that was read in a shot's credits: nobody says that it is one, nor whose. */
export interface NameRead {
  name: string;
  shot: string;
  fileId: string;
}

/** Names read in credits, in film order. */
export async function namesRead(db: Pick<Db, 'execute'>): Promise<NameRead[]> {
  const { rows } = await db.execute<{ name: string; shot: string; file: string }>(
    sql`select n.name, ${shotsShots.id} as shot, ${shotsShots.fileId} as file
      from ${shotsShots}, jsonb_array_elements_text(${shotsShots.facts} -> 'text' -> 'names') with ordinality as n(name, place)
      order by ${shotsShots.fileId}, ${shotsShots.number}, n.place`,
  );
  return rows.map(({ name, shot, file }) => ({ name, shot, fileId: file }));
}
