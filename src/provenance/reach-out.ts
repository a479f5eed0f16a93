import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { type Db, tables } from '../db/index.ts';
import type { Touched } from './schema.ts';

/** Where takes have gone, as withdrawals follow them: cuts and deliveries. */

const { provenanceAudit } = tables;

const cutSchema = z.looseObject({ takes: z.array(z.string()) });

/** Cuts that hold one of the takes, as the audit log remembers them. */
export async function cutsOf(db: Db, takes: readonly Touched[]): Promise<Touched[]> {
  const touched = new Set(takes.map(({ id }) => id));
  const rows = await db.select().from(provenanceAudit).where(eq(provenanceAudit.what, 'provenance.cut'));
  const found = new Map<string, Touched>();
  for (const { subject, details } of rows) {
    const via = cutSchema.safeParse(details).data?.takes.find((take) => touched.has(take));
    if (via !== undefined) found.set(subject, { kind: 'cut', id: subject, via });
  }
  return [...found.values()];
}

const deliverySchema = z.looseObject({ takes: z.array(z.looseObject({ id: z.string() })) });

/** Deliveries that hold one of the takes. */
export async function deliveriesOf(db: Db, takes: readonly Touched[]): Promise<Touched[]> {
  const touched = new Set(takes.map(({ id }) => id));
  const { id, declaration } = tables.provenanceDeliveries;
  const rows = await db.select({ id, declaration }).from(tables.provenanceDeliveries).orderBy(id);
  return rows.flatMap((row): Touched[] => {
    const held = deliverySchema.safeParse(row.declaration).data?.takes ?? [];
    const via = held.find((take) => touched.has(take.id))?.id;
    return via === undefined ? [] : [{ kind: 'delivery', id: row.id, via }];
  });
}
