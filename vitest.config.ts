import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of two cores' worth: more workers only wait for each other, and each may hold a database. */
const WORKERS = 2;

/**
 * Of files that no earlier run has timed the largest begin first. The job that is killed takes longer than all others together,
 * and would keep one worker for three minutes after they are done.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith('/test/e2e/killed.test.ts');
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
