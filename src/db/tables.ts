/** Every table, prefixed with the stage that owns it. Only that stage's `store.ts` reads or writes it, but for the audit log. */
export * from './tables/films.ts';
export * from './tables/models.ts';
export * from './tables/proof.ts';
export * from './tables/rights.ts';
