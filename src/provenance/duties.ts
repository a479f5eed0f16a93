import type { z } from 'zod';
import type { Context } from '../jobs/index.ts';
import {
  byUrgency,
  currentLedger,
  type Duties,
  type Duty,
  dutiesIn,
  standingOf,
  today,
} from '../rights/index.ts';
import { type dutiesInputSchema, notLegalAdvice, type Task } from './schema.ts';
import { listTasks } from './tasks.ts';

/** What is owed by the ledger's obligations, and what withdrawals have left to decide, in one list by the day. */
export async function listDuties(
  { db }: Pick<Context, 'db'>,
  { all, asOf = today() }: z.output<typeof dutiesInputSchema>,
): Promise<Duties> {
  const ledger = await currentLedger(db);
  const owed = ledger ? dutiesIn(ledger.document, asOf) : [];
  const left = (await listTasks(db, true)).map((task) => dutyOfTask(task, asOf));
  const duties = [...owed, ...left].sort(byUrgency);
  const count = (state: Duty['state']) => duties.filter((duty) => duty.state === state).length;
  return {
    ...{ asOf, ledger: ledger?.id ?? null, overdue: count('overdue'), open: count('open') },
    ...{ duties: all ? duties : duties.filter(({ state }) => state !== 'done'), notice: notLegalAdvice },
  };
}

/** A task has the whole of its day, whenever in it the withdrawal was. */
const dutyOfTask = ({ id, withdrawal, subject, what, due, done }: Task, asOf: string): Duty => ({
  ...{ of: id, kind: 'decide', to: null, titles: null, uses: null, evidence: null, due, done },
  what: `${subject}, for the withdrawal of ${withdrawal}: ${what}`,
  ...{ ...standingOf(due.slice(0, 10), done !== null, asOf), holdsUp: false },
});
