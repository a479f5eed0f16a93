import type { Report } from '../../src/contract/index.ts';
import { coverage } from '../../src/dataset/coverage.ts';
import { catalogueMark } from '../../src/dataset/index-refresh.ts';
import { indexPath, withIndex, writeMark } from '../../src/dataset/index-store.ts';
import { looksPath } from '../../src/dataset/looks.ts';
import { coverageInputSchema, searchInputSchema } from '../../src/dataset/schema.ts';
import { searchShots } from '../../src/dataset/search.ts';
import type { Context } from '../../src/jobs/index.ts';
import { type Rng, rngOf } from '../../src/sample/random.ts';
import { testContext } from '../../test/support/context.ts';
import { type Size, writeFilms, writeIndex, writeLooks } from './catalogue.ts';

/** How long do search, a page of results and coverage take in a large catalogue? All that a question does counts. */

const SEED = 5;
const FULL: Size = { shots: 1_000_000, titles: 2_000 };
const QUICK: Size = { shots: 20_000, titles: 100 };
const QUERIES = 52;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const size = quick ? QUICK : FULL;
  const { context, close } = await testContext();
  try {
    report({ phase: 'making a catalogue', done: 0, total: 1, unit: 'catalogues' });
    await writeFilms(context.db, size);
    await withIndex(indexPath(context.paths), async (index) => {
      await writeIndex(index, size, SEED);
      await writeLooks(index, looksPath(context.paths), size, SEED);
      await writeMark(index, 'films', await catalogueMark(context));
    });
    const rows = [{ what: 'shots', value: size.shots, unit: 'rows' }];
    for (const [what, ask] of Object.entries(questions(context, size))) {
      rows.push(...(await timed(what, ask, report)));
    }
    return { bench: 'search', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    await close();
  }
}

/** Drawn as the catalogue is: what is asked for often is there often. */
const zipf = (rng: Rng, n: number): number => Math.floor(n ** rng.range(0, 1)) - 1;

function questions(context: Context, { shots, titles }: Size) {
  const search = (input: object) => searchShots(context, searchInputSchema.parse(input));
  const table = (input: object) => coverage(context, coverageInputSchema.parse(input));
  const rng = rngOf('search', SEED);
  const word = () => `w${zipf(rng, 50_000)}`;
  const name = () => `name${3 * rng.int(0, titles - 1) + zipf(rng, 30)}`;
  const doing = () => ({ time: rng.pick(['day', 'night', 'dawn']), action: `action${zipf(rng, 200)}` });
  const pairs = [
    { rows: 'character', columns: 'set' },
    { rows: 'set', columns: 'time' },
    { rows: 'action', columns: 'time' },
    { rows: 'title', columns: 'camera' },
  ];
  return {
    'search by one word': () => search({ words: word() }),
    'search by two words': () => search({ words: `${word()} ${word()}` }),
    'search by fields': () => search({ character: name(), ...doing() }),
    'search by time and light': () =>
      search({ time: doing().time, light: rng.pick(['dark', 'bright']), minSeconds: 5 }),
    'a page anywhere, nothing asked': () => search({ offset: rng.int(0, shots - 50) }),
    'shots like one': () => search({ like: `sht_${rng.int(0, shots - 1)}` }),
    'shots like one, by time': () => search({ like: `sht_${rng.int(0, shots - 1)}`, time: doing().time }),
    'coverage of a character': () =>
      table({ character: name(), rows: 'set', columns: 'time', action: doing().action }),
    'coverage of what is done when': (n: number) => table({ ...pairs[n % pairs.length], ...doing() }),
    'coverage of a word': (n: number) => table({ ...pairs[n % pairs.length], words: word() }),
    'coverage of a title': (n: number) => table({ ...pairs[n % 3], title: `film ${rng.int(0, titles - 1)}` }),
    'coverage of all': (n: number) => table({ ...pairs[n % pairs.length] }),
  };
}

async function timed(what: string, ask: (n: number) => Promise<{ found: number }>, report: Report) {
  const times: number[] = [];
  const cpu: number[] = [];
  const found: number[] = [];
  for (let n = 0; n < QUERIES; n++) {
    report({ phase: what, done: n, total: QUERIES, unit: 'questions' });
    const [start, before] = [performance.now(), process.cpuUsage()];
    found.push((await ask(n)).found);
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  const at = (values: number[], share: number) =>
    Math.round(values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN);
  return [
    { what: `${what}: p50`, value: at(times, 0.5), unit: 'ms', n: QUERIES },
    { what: `${what}: p95`, value: at(times, 0.95), unit: 'ms', n: QUERIES },
    { what: `${what}: p95, processor`, value: at(cpu, 0.95), unit: 'CPU ms', n: QUERIES },
    { what: `${what}: shots found, median`, value: at(found, 0.5), unit: 'shots', n: QUERIES },
  ];
}
