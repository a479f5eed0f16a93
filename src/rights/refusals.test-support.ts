import { stringify } from 'yaml';
import { messageOf } from '../contract/index.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { readLedger } from './read.ts';

/** The lines of the refusal, or fails where the ledger is accepted. */
export function refusal(text: string): string[] {
  try {
    readLedger(text, 'ledger.yaml');
  } catch (error) {
    return messageOf(error)
      .split('\n')
      .map((line) => line.trim());
  }
  throw new Error('the ledger was accepted');
}

/** The cleared ledger with one more row. */
export const withRow = (section: string, row: object): string => {
  const file = clearedFile() as unknown as Record<string, object[]>;
  return stringify({ ...file, [section]: [...(file[section] ?? []), row] });
};

export const grant = {
  id: 'g2',
  grantor: 'studio',
  titles: ['harbour'],
  uses: ['index'],
  territories: ['world'],
};
