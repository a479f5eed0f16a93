export * from './disk-full.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './job.ts';
export * from './operation.ts';
export * from './run.ts';
export * from './snapshot.ts';
export * from './training.ts';
