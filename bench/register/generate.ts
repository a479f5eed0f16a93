import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Rng, rngOf } from '../../src/sample/random.ts';

/** A made-up contract register and the ledger that it speaks of: the same seed gives the same bytes. */

const TITLES = 4_000;
const OWNERS = 400;
/** Titles of which one grant each is for one licensee alone; other grants are of other titles. */
const SOLE = 40;

export const heading =
  'Contract No,Licensor,Title ID,Use,Territory,Start date,End date,Trainers,Exclusive,Desk,Note';

const owner = (title: number): string => `owner-${title % OWNERS}`;

/** Titles with one owner each. */
export const ledgerFile = (): string =>
  JSON.stringify({
    version: 1,
    parties: Array.from({ length: OWNERS }, (_, i) => ({
      id: `owner-${i}`,
      kind: 'org',
      name: `Owner ${i}`,
    })),
    titles: Array.from({ length: TITLES }, (_, i) => ({
      ...{ id: `t${i}`, name: `Title ${i}`, files: [`${i}.mov`] },
      shares: [{ party: owner(i), share: '100%' }],
    })),
  });

/** What can be wrong in a row, as a person types it. */
const mistakes: readonly ((row: string[]) => void)[] = [
  (row) => row.splice(4, 1, 'UK'),
  (row) => row.splice(6, 1, '2001-01-01'),
  (row) => row.splice(2, 1, 'no-such-title'),
  (row) => row.splice(10, 1, '=HYPERLINK(A1)'),
];

/**
 * Writes rows until the file has `bytes`.
 * @param bad one row in so many has a mistake; 0: none has
 * @returns rows, and those of them with a mistake
 */
export async function writeRegister(path: string, bytes: number, seed: number, bad = 0) {
  const random = rngOf('register', seed);
  const counts = { rows: 0, bad: 0 };
  function* parts() {
    yield `${heading}\n`;
    for (let written = 0; written < bytes; ) {
      const part = Array.from({ length: 500 }, () => rowText(random, counts, bad)).join('');
      written += part.length;
      yield part;
    }
  }
  await pipeline(Readable.from(parts()), createWriteStream(path));
  return counts;
}

function rowText(random: Rng, counts: { rows: number; bad: number }, bad: number): string {
  const n = counts.rows++;
  const title = n < SOLE ? n : random.int(SOLE, TITLES - 1);
  const day = `20${random.int(20, 25)}-0${random.int(1, 9)}-1${random.int(0, 9)}`;
  const row = [
    ...[
      `c${n}`,
      owner(title),
      `t${title}`,
      random.pick(['train.style; condition', 'eval', 'train.foundation']),
    ],
    ...[
      random.pick(['world', 'DE|FR|GB', 'US']),
      day,
      '2031-12-31',
      random.pick(['in-house', 'in-house; vendor']),
    ],
    ...[n < SOLE ? 'yes' : 'no', `${random.int(1, 9)}`, `"Schedule ${n}, as amended on ${day}"`],
  ];
  if (bad > 0 && n % bad === bad - 1) {
    mistakes[counts.bad % mistakes.length]?.(row);
    counts.bad++;
  }
  return `${row.join(',')}\n`;
}
