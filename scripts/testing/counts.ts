/** How many tests or checks passed, failed and were skipped, and which were skipped. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  skips: string[];
}

interface VitestReport {
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** A check without parts of its own counts as one. */
export const countOne = (ok: boolean): Counts => ({
  passed: ok ? 1 : 0,
  failed: ok ? 0 : 1,
  skipped: 0,
  skips: [],
});

/**
 * Reads vitest's JSON report. A file that failed before its tests ran counts as one failure; its tests were neither
 * run nor skipped on purpose.
 */
export function countVitest(report: string): Counts {
  const { testResults } = JSON.parse(report) as VitestReport;
  const broken = testResults.filter(isBroken);
  const tests = testResults.filter((file) => !isBroken(file)).flatMap((file) => file.assertionResults);
  const skipped = tests.filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status));
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + broken.length,
    skipped: skipped.length,
    skips: skipped.map(({ fullName }) => fullName),
  };
}

const isBroken = ({ status, assertionResults }: VitestReport['testResults'][number]): boolean =>
  status === 'failed' && assertionResults.every((test) => test.status !== 'failed');

/** Reads pytest's JUnit report; an error while a test was set up counts as a failure. */
export function countPytest(report: string): Counts {
  const [, suite = ''] = /<testsuite ([^>]*)>/.exec(report) ?? [];
  const number = (name: string): number => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  const skipped = number('skipped');
  const skips = [
    ...report.matchAll(/<testcase [^>]*?\bname="([^"]*)"[^>]*><skipped [^>]*message="([^"]*)"/g),
  ];
  return {
    passed: number('tests') - failed - skipped,
    failed,
    skipped,
    skips: skips.map(([, name, reason]) => `${name}: ${reason}`),
  };
}

/** A step that ended badly never counts as free of failures, whatever its report says. */
export const settled = (counts: Counts, ok: boolean): Counts =>
  ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };

export const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
  skipped: all.reduce((total, { skipped }) => total + skipped, 0),
  skips: all.flatMap(({ skips }) => skips),
});
