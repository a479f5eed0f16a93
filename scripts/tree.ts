// `npm run tree`: what no linter sees. Files stay short, and nothing names this machine or a package registry.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { problemsOf } from './testing/tree-rules.ts';

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
});

/** The text of a tracked or new file; null where it is gone or not text. */
function textOf(path: string): string | null {
  try {
    const bytes = readFileSync(path);
    return bytes.includes(0) ? null : bytes.toString('utf8');
  } catch {
    return null;
  }
}

const problems = listed
  .split('\0')
  .filter(Boolean)
  .flatMap((path) => problemsOf(path, textOf(path) ?? ''));
for (const problem of problems) console.log(problem);
console.log(`${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
