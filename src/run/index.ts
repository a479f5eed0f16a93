export { type RunResult, runResultSchema } from './schema.ts';
