import { performance } from 'node:perf_hooks';
import { openHost } from '../../src/host.ts';
import { operations } from '../../src/pipeline.ts';

/** `first.ts WORKSPACE SHOT`: opens a workspace as a command does and asks once. Prints milliseconds: opening, then the answer. */
const [root = '', shot = ''] = process.argv.slice(2);
const explain = operations.find(({ name }) => name === 'rights.explain');
if (!explain) throw new Error('rights.explain is not mounted');
const began = performance.now();
const host = await openHost(root, 'bench');
const open = performance.now();
await host.session.perform(explain, { shot }, 'bench', () => {});
const answered = performance.now();
await host.close();
process.stdout.write(JSON.stringify({ opening: open - began, first: answered - open }));
