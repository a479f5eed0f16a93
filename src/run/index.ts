export { operations } from './operations.ts';
export { type RunResult, runResultSchema } from './schema.ts';
