import { defineConfig } from 'vitest/config';

/** Tests of two cores' worth: more workers only wait for each other, and each may hold a database. */
const WORKERS = 2;

export default defineConfig({
  test: {
    maxWorkers: WORKERS,
    globalSetup: 'test/support/keys.ts',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,scripts,setup,bench}/**/*.test.ts'],
          // Threads that share modules: 20 times faster than a fresh module graph for each file.
          pool: 'threads',
          isolate: false,
          // A guard against hanging, not a measure: a machine that is busy with training is slow.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          // Whole commands in processes of their own, which wait for each other's ends a third of their time.
          pool: 'forks',
          // The job that is killed nine times takes two minutes alone, and five beside a training.
          testTimeout: 540_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
