import type { Report } from '../../src/contract/index.ts';
import { disagreements, randomBatch } from '../../src/rights/agreement.test-support.ts';
import { openSignatures } from '../../src/rights/signature-store.ts';
import type { Row } from './index.ts';

/** Ledgers of one question: small enough that many questions are asked, large enough that SQL is worth its start. */
const BATCH = 500;

/** Random ledgers, three shots each, decided by SQL and by TypeScript. */
export async function agreementRows(ledgers: number, report: Report): Promise<Row[]> {
  const db = await openSignatures(':memory:', { threads: '2' });
  const differing: string[] = [];
  for (let done = 0; done < ledgers; done += BATCH) {
    report({ phase: 'random ledgers', done, total: ledgers, unit: 'ledgers' });
    differing.push(...(await disagreements(db, randomBatch(BATCH, 1000 + done))));
  }
  db.close();
  return [
    {
      what: 'shots of random ledgers decided otherwise by SQL',
      value: differing.length,
      unit: '',
      n: ledgers * 3,
    },
    ...differing.slice(0, 3).map((what) => ({ what, value: 'DIFFERS', unit: '' })),
  ];
}
