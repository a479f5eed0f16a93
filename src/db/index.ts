export { closeDb, type Db, openDb, openInMemory } from './open.ts';
export { clearRemains } from './remains.ts';
export * as tables from './tables.ts';
export { texts } from './texts.ts';
