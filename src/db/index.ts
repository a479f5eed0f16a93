export { closeDb, type Db, openDb } from './open.ts';
export * as tables from './tables.ts';
