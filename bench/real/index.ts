import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/contract/index.ts';
import { freeze } from '../../src/dataset/index.ts';
import { baseInput, localEngine } from '../../src/jobs/index.ts';
import { clearJob } from '../../src/provenance/index.ts';
import { readFilms } from '../../src/run/films.ts';
import { textStudy } from '../../src/shots/read-text.ts';
import { study } from '../../src/shots/study.ts';
import { testContext } from '../../test/support/context.ts';
import { FOOTAGE } from '../footage.ts';
import { learnedRows } from './rows.ts';
import { titleRows } from './title-rows.ts';

/** Are real films learned better from the base than from nothing, and what does the codec leave of them? */

const SEED = 1;
/** As many as the adapters of `bench/adaptation`. */
const STEPS = 180;
const LEDGER = fileURLToPath(new URL('ledger.yaml', import.meta.url));

/** Which title each file belongs to: the names that the ledger uses, by the beginning of the file's name. */
const TITLES = {
  bbb_: 'Big Buck Bunny',
  popeye_: 'Popeye the Sailor Meets Sindbad the Sailor',
  sintel_: 'Sintel',
  tears_: 'Tears of Steel',
} as const;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const films = join(FOOTAGE, 'catalog');
  const rows = existsSync(films)
    ? await measured(films, quick ? 8 : STEPS, report)
    : [{ what: 'skipped', value: `no footage at ${FOOTAGE}: name it in BACKLOT_FOOTAGE`, unit: '' }];
  return { bench: 'real', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
}

async function measured(films: string, steps: number, report: Report) {
  const { context, close } = await testContext({ report });
  context.engine = localEngine(context.paths.runs, (job) => clearJob(context.db, job));
  try {
    const { cleared } = await readFilms(context, {
      paths: [films],
      rights: LEDGER,
      map: writeMap(films, context.paths.root),
    });
    // As the product says to: cards and credits are no shots to learn a film's look from.
    await study(context, {}, textStudy);
    const snapshot = await freeze(context, { use: 'train.style' });
    const base = await baseInput();
    return [
      { what: 'cleared shots', value: cleared, unit: 'shots' },
      { what: 'training clips', value: snapshot.clips.train, unit: 'clips' },
      ...(await learnedRows(context, snapshot, base, steps)),
      ...(await titleRows(context, snapshot, base, steps)),
    ];
  } finally {
    await close();
  }
}

function writeMap(films: string, folder: string): string {
  const lines = Object.entries(TITLES).flatMap(([prefix, title]) =>
    readdirSync(films)
      .filter((name) => name.startsWith(prefix) && !name.endsWith('.srt'))
      .sort()
      .map((name, i) => `${join(films, name)},${title},${i + 1}`),
  );
  const path = join(folder, 'map.csv');
  writeFileSync(path, `file,title,reel\n${lines.join('\n')}\n`);
  return path;
}
