export * from './context.ts';
export type { EngineRunner, EngineRunResult } from './engine-process.ts';
export { workspacePaths } from './workspace.ts';
