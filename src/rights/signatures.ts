import { createHash } from 'node:crypto';
import type { Context } from '../jobs/index.ts';
import type { Asked } from './ask.ts';
import { basisOf, type Holdings, holdingsOf, ledgerOf, noLedger } from './bulk.ts';
import { matchTitle, namedOf } from './match.ts';
import { minutesByShot } from './minutes.ts';
import type { SignatureList } from './schema.ts';
import {
  createTables,
  decideTables,
  digestOfTables,
  fillTables,
  openSignatures,
  readDecided,
  readSignatures,
} from './signature-store.ts';
import { type PlacedShot, TableWriter } from './signature-tables.ts';

/**
 * Shots by rights signature: those of one title with the same people and the same things of others in them
 * share their decision, so that lawyers read one line for many shots.
 */
export async function listSignatures(context: Pick<Context, 'db'>, ask: Asked): Promise<SignatureList> {
  const holdings = await holdingsOf(context);
  const db = await openSignatures();
  try {
    const writer = new TableWriter();
    writer.add(ledgerOf(holdings) ?? noLedger, placedShots(holdings));
    writer.addCopies(holdings.copies);
    await createTables(db);
    await fillTables(db, writer.tables);
    await decideTables(db, ask);
    const minutes = minutesBySignature(await readDecided(db), minutesByShot(holdings));
    const signatures = (await readSignatures(db)).map(({ signature, ...row }) => ({
      ...row,
      minutes: minutes.get(signature) ?? 0,
    }));
    const basis = basisOf(holdings, ask);
    return { ...basis, digest: digestOf(basis, await digestOfTables(db)), signatures };
  } finally {
    db.close();
  }
}

function placedShots({ ledger, files, shots, films }: Holdings): PlacedShot[] {
  const named = files.map(namedOf);
  const known = new Map(
    files.map((file) => {
      const name = namedOf(file);
      const title = ledger
        ? matchTitle(ledger.document, name, named)
        : { unknown: 'no rights ledger is imported' };
      return [file.id, { file: name, title }];
    }),
  );
  const lost = { file: { name: '', sha256: '' }, title: { unknown: 'the file is not catalogued' } };
  return shots.map((shot) => ({
    ...shot,
    ...(known.get(shot.fileId) ?? lost),
    film: films.get(shot.fileId),
  }));
}

function minutesBySignature(decided: ReadonlyMap<string, number>, minutes: ReadonlyMap<string, number>) {
  const sums = new Map<number, number>();
  for (const [shot, signature] of decided) {
    sums.set(signature, (sums.get(signature) ?? 0) + (minutes.get(shot) ?? 0));
  }
  return sums;
}

/** What was decided and by what: other rules, another question or another answer is another digest. */
const digestOf = (
  { ledger: _, notice: __, ...basis }: ReturnType<typeof basisOf>,
  decisions: string,
): string =>
  createHash('sha256')
    .update(JSON.stringify([basis, decisions]))
    .digest('hex');
