import fc from 'fast-check';
import type { Asked } from './ask.ts';
import { type Pair, withCopies } from './copies.ts';
import { decide } from './decide.ts';
import { decisionDigest, decisionText } from './digest.ts';
import { harbourShot } from './ledgers.test-support.ts';
import { asks, ledgers } from './random.test-support.ts';
import type { Ledger, ShotDecision } from './schema.ts';
import {
  createTables,
  decideTables,
  digestOfTables,
  fillTables,
  readDecided,
  readSignatures,
  type Signatures,
} from './signature-store.ts';
import { type PlacedShot, TableWriter } from './signature-tables.ts';

/** Three shots of each ledger: two of a file that it may name and that may be shorter than the ledger says, one of a file that it does not. */
const shotsOf = (n: number): PlacedShot[] =>
  [
    { in: 0, out: 24, title: { title: 't1' } },
    { in: 24, out: 48, title: { title: 't1' } },
    { in: 0, out: 24, title: { unknown: 'not named' } },
  ].map((place, i) => ({
    ...{ ...harbourShot, ...place, id: `${n}-${i}`, file: { name: 't1.mp4', sha256: '' } },
    film: { ...harbourShot, in: 0, out: n % 3 === 0 ? 24 : 48 },
  }));

/** Shots that show the same: in some ledgers two of its own, in some one of the ledger before. */
const pairsOf = (n: number): Pair[] => {
  if (n % 4 === 1) return [[`${n}-0`, `${n}-1`]];
  if (n % 4 === 2) return [[`${n}-2`, `${n}-0`]];
  return n % 4 === 3 ? [[`${n - 1}-0`, `${n}-1`]] : [];
};

export interface Batch {
  ledgers: Ledger[];
  asked: Asked;
}

/** Random ledgers with one question to all of them. */
export function randomBatch(size: number, seed: number): Batch {
  const [asked] = fc.sample(asks, { numRuns: 1, seed });
  if (!asked) throw new Error('no question');
  return { ledgers: fc.sample(ledgers, { numRuns: size, seed }), asked };
}

export function decideInTypeScript({ ledgers: all, asked }: Batch): ShotDecision[] {
  const alone = all.flatMap((ledger, n) =>
    shotsOf(n).map((shot) => {
      const { id: shotId, file, title, film } = shot;
      return { shotId, fileId: file.name, ...decide({ ...asked, ledger, title, film, shot }) };
    }),
  );
  return withCopies(
    alone,
    all.flatMap((_, n) => pairsOf(n)),
  );
}

/** Each shot's decision as text, and the digest over all. */
export async function decideInSql(db: Signatures, { ledgers: all, asked }: Batch) {
  const writer = new TableWriter();
  for (const [n, ledger] of all.entries()) {
    writer.add(ledger, shotsOf(n));
    writer.addCopies(pairsOf(n));
  }
  await createTables(db);
  await fillTables(db, writer.tables);
  await decideTables(db, asked);
  const texts = new Map((await readSignatures(db)).map((row) => [row.signature, toldBy(row as never)]));
  const decided = await readDecided(db);
  return {
    digest: await digestOfTables(db),
    texts: new Map([...decided].map(([shot, signature]) => [shot, texts.get(signature)])),
  };
}

/** What the digest is taken of, and the rows that say what was assumed. */
export const toldBy = (decision: ShotDecision): string =>
  `${decisionText(decision)} ${decision.assumptions.map(({ row }) => row).join()}`;

/** Shots on which the two do not agree, in words; none where they do. */
export async function disagreements(db: Signatures, batch: Batch): Promise<string[]> {
  const mine = decideInTypeScript(batch);
  const { digest, texts } = await decideInSql(db, batch);
  const differing = mine
    .filter((decision) => texts.get(decision.shotId) !== toldBy(decision))
    .map((decision) => {
      const { shotId } = decision;
      return `${shotId}: TypeScript ${toldBy(decision)}, SQL ${texts.get(shotId)}`;
    });
  return digest === decisionDigest(mine) ? differing : [...differing, 'the digests differ'];
}
