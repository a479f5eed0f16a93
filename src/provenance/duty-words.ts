import type { Duties, Duty } from '../rights/index.ts';
import { placeWords } from './schema.ts';

/** Duties that people are shown; --json has them all. */
const SHOWN = 60;

/** Duties as people read them, a line each. */
export function dutiesWords({ asOf, ledger, overdue, open, duties, notice }: Duties): string {
  const hidden = duties.length - SHOWN;
  return [
    `On ${asOf.slice(0, 10)}: ${overdue} overdue, ${open} more open (ledger ${ledger ?? 'none'})`,
    ...duties.slice(0, SHOWN).map(dutyLine),
    ...(hidden > 0 ? [`and ${hidden} more: --json lists them all`] : []),
    'An obligation is settled by its row (done, fulfilled), imported anew; a task by `backlot provenance settle`.',
    notice,
  ].join('\n');
}

function dutyLine(duty: Duty): string {
  const { of, what, titles, uses, holdsUp, evidence, done } = duty;
  const scope = uses === null && titles === null ? [] : [`${wordsOf(titles)}, for ${wordsOf(uses)}`];
  const written = placeWords(evidence);
  const more = [
    ...scope,
    ...(holdsUp ? ['shots wait for it'] : []),
    ...(written === null ? [] : [`written in ${written}`]),
    ...(done?.evidence ? [done.evidence] : []),
  ];
  return `${whenWords(duty).padEnd(WHEN)}  ${[what, ...more].join('; ')} (${of})`;
}

/** Columns that "OVERDUE 1000 days, 2026-01-31" takes. */
const WHEN = 29;

const wordsOf = (names: readonly string[] | null): string => names?.join(', ') ?? 'all';

function whenWords({ state, due, days, done }: Duty): string {
  if (done) return `done ${done.at.slice(0, 10)}${done.by ? ` by ${done.by}` : ''}`;
  if (due === null || days === null) return 'no day named';
  const day = due.slice(0, 10);
  const count = Math.abs(days) === 1 ? '1 day' : `${Math.abs(days)} days`;
  return state === 'overdue' ? `OVERDUE ${count}, ${day}` : `by ${day}, in ${count}`;
}
