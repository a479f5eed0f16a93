import { createHash } from 'node:crypto';
import { clearedFile } from './ledgers.test-support.ts';

/** Somebody consented (`old`), refused (`refusal`), and consented anew in the refusal's place (`yes`); when one of them ends; and the id of what is refused again. */

export const now = '2026-05-01T09:00:00.000Z';

export const againOf = (id: string): string =>
  `${id.slice(0, 80)}-again-${createHash('sha256').update(`${id} ${now}`).digest('hex').slice(0, 12)}`;

export const [c1] = clearedFile().consents ?? [];
export const old = { ...c1, on: '2024-01-01' };
const no = { id: 'no', party: 'nia', answer: 'refused', on: '2025-01-01', titles: 'all', uses: 'all' };
export const refusal = { ...no, territories: ['world'] };
export const yes = { ...c1, id: 'yes', on: '2026-01-01', supersedes: 'no' };
export const ledger = (...consents: object[]) => ({ ...clearedFile(), consents });
