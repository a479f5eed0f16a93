import { customType, timestamp } from 'drizzle-orm/pg-core';

/** The moment at which a row is written. */
export const now = () => timestamp({ withTimezone: true, mode: 'date' }).notNull().defaultNow();

export const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
