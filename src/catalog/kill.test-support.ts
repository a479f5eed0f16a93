import { closeDb, openDb } from '../db/index.ts';
import { workspacePaths } from '../jobs/index.ts';
import { addFiles } from './index.ts';

/** `node kill.test-support.ts ROOT PATH`: adds PATH to the workspace at ROOT and says what it is at on stdout. */
const [root = '', path = ''] = process.argv.slice(2);
const paths = workspacePaths(root);
const db = await openDb(paths.db);
const answer = await addFiles(
  {
    paths,
    db,
    engine: { run: () => Promise.reject(new Error('no engine here')) },
    report: ({ note }) => void process.stdout.write(`${note}\n`),
    signal: new AbortController().signal,
    who: 'test',
  },
  { paths: [path] },
);
process.stdout.write(`${JSON.stringify(answer)}\n`);
await closeDb(db);
