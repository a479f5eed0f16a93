export { createApp } from './app.ts';
export { type Failure, failureOf } from './errors.ts';
export { guarded } from './guard.ts';
