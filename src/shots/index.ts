export { createDetector } from './detector.ts';
export * from './schema.ts';
