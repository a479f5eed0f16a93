import { clearedFile } from './ledgers.test-support.ts';

/** Somebody consented (`old`), refused (`refusal`), and consented anew by a row that lifts the refusal (`yes`). */

export const now = '2026-05-01T09:00:00.000Z';

export const [c1] = clearedFile().consents ?? [];
export const old = { ...c1, on: '2024-01-01' };
const no = { id: 'no', party: 'nia', answer: 'refused', on: '2025-01-01', titles: 'all', uses: 'all' };
export const refusal = { ...no, territories: ['world'] };
export const yes = { ...c1, id: 'yes', on: '2026-01-01', lifts: ['no'] };
export const ledger = (...consents: object[]) => ({ ...clearedFile(), consents });
