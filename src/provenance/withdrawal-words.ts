import { pathOf } from './impact.ts';
import type { Task, Withdrawal } from './schema.ts';

const itemsShown = 20;

/** A withdrawal in lines: what it reached and how, what was done, what people must decide. */
export function withdrawalWords(withdrawal: Withdrawal): string {
  const { row, withdrawn, ledger, changes, touched, counts, purged, thumbnails, cancelled, tasks, notice } =
    withdrawal;
  const done = ledger === null ? 'would be withdrawn' : `is withdrawn (ledger ${ledger})`;
  const reached = Object.entries(counts).map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
  const hidden = touched.length - itemsShown;
  return [
    `${row} ${done} from ${withdrawn} on: ${changes.length} decisions change`,
    `It has reached ${reached.join(', ')}`,
    ...touched.slice(0, itemsShown).map((item) => `  ${pathOf(touched, item).join(' > ')}`),
    ...(hidden > 0 ? [`  and ${hidden} more (--json lists all)`] : []),
    ...(ledger === null
      ? []
      : [
          `All of it is blocked; clips removed from ${purged.length} snapshots, thumbnails of ${thumbnails} shots`,
        ]),
    ...cancelled.map((id) => `Asked to stop: ${id}`),
    taskWords({ tasks }),
    notice,
  ].join('\n');
}

export const taskWords = ({ tasks }: { tasks: readonly Task[] }): string =>
  tasks.map(taskLine).join('\n') || 'Nothing is left to decide.';

function taskLine({ id, due, subject, what, done }: Task): string {
  if (done) return `${id}  done ${done.at.slice(0, 10)} by ${done.by}: ${subject}. ${done.evidence}`;
  return `${id}  by ${due.slice(0, 10)}: ${subject}. ${what}`;
}
