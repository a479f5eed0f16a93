import type { Papers } from './acting.ts';
import { isMoment, rowsOf, textOf } from './raw.ts';

/** The papers of a document of any shape: what is no day the schema says. */
export const papersIn = (raw: unknown): Papers => ({
  agreements: rowsOf(raw, 'agreements').map(({ id, signed }) => ({
    id: textOf(id) ?? '',
    ...(isMoment(signed) ? { signed } : {}),
  })),
});
