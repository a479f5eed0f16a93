// node src/sample/sign-cli.ts [--clips DIR ...] [--run DIR]
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jobSchema } from '../contract/index.ts';
import { clearRendered, issuePermit, RUN_KEY_VARIABLE, sealRendered } from '../trust/index.ts';

/**
 * For bases, whose jobs are written by hand: seals clips that were rendered here, which you say by calling this, and
 * permits one run of a job that reads nothing else. The run must begin within the hour, with the line that this prints in its environment.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { clips: { type: 'string', multiple: true, default: [] }, run: { type: 'string' } },
  });
  for (const path of values.clips) {
    const manifest = readFileSync(join(path, 'manifest.jsonl'));
    await sealRendered({ path, digest: createHash('sha256').update(manifest).digest('hex') });
  }
  if (values.run === undefined) return;
  const text = readFileSync(join(values.run, 'job.json'), 'utf8');
  const job = jobSchema.parse(JSON.parse(text));
  const seed = await issuePermit(values.run, job, text, await clearRendered(job));
  process.stdout.write(`${RUN_KEY_VARIABLE}=${seed}\n`);
}

await main();
