import { expect, test } from 'vitest';
import { countOne, countPytest, countVitest, settled, sum } from './counts.ts';

const file = (name: string, status: string, tests: [string, string][]) => ({
  name,
  status,
  assertionResults: tests.map(([fullName, result]) => ({ fullName, status: result })),
});

test('vitest results are counted by test', () => {
  const report = JSON.stringify({
    testResults: [
      file('a.test.ts', 'failed', [
        ['adds', 'passed'],
        ['divides', 'failed'],
      ]),
      file('b.test.ts', 'passed', [
        ['reads footage, skipped: no footage here', 'skipped'],
        ['later', 'todo'],
      ]),
    ],
  });
  expect(countVitest(report)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 2,
    skips: ['reads footage, skipped: no footage here', 'later'],
  });
});

test('a test file that does not load counts as a failure', () => {
  const report = JSON.stringify({ testResults: [file('broken.test.ts', 'failed', [])] });
  expect(countVitest(report)).toMatchObject({ passed: 0, failed: 1 });
});

test('tests that never ran, as their file could not be set up, are no skips', () => {
  const report = JSON.stringify({ testResults: [file('broken.test.ts', 'failed', [['waits', 'skipped']])] });
  expect(countVitest(report)).toEqual({ passed: 0, failed: 1, skipped: 0, skips: [] });
});

test('pytest results are counted, errors as failures, skips with their reason', () => {
  const report = `<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="1" tests="9" time="1.2">
    <testcase classname="t" name="test_real" time="0.1"><skipped type="pytest.skip" message="no footage here">x</skipped></testcase>
    </testsuite></testsuites>`;
  expect(countPytest(report)).toEqual({
    passed: 5,
    failed: 3,
    skipped: 1,
    skips: ['test_real: no footage here'],
  });
});

test('a step that ended badly without a failed test counts as a failure', () => {
  expect(settled({ passed: 7, failed: 0, skipped: 0, skips: [] }, false).failed).toBe(1);
  expect(settled({ passed: 7, failed: 2, skipped: 0, skips: [] }, false).failed).toBe(2);
  expect(settled({ passed: 7, failed: 0, skipped: 0, skips: [] }, true).failed).toBe(0);
});

test('tests and checks add up', () => {
  expect(sum([countOne(true), countOne(false), { passed: 3, failed: 0, skipped: 1, skips: ['x'] }])).toEqual({
    passed: 4,
    failed: 1,
    skipped: 1,
    skips: ['x'],
  });
});
