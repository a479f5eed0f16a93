export { createApp } from './app.ts';
export { type Failure, failureOf } from './errors.ts';
export { guardedApp, type Served } from './guard.ts';
export { newToken, tokenFile } from './token.ts';
