import type { Retired, Task, Touched, Withdrawal } from './schema.ts';

const itemsShown = 20;

/** A withdrawal in lines: what it reached and how, what was done, what people must decide. */
export function withdrawalWords(withdrawal: Withdrawal): string {
  const { row, withdrawn, ledger, changes, touched, counts, tasks } = withdrawal;
  const done = ledger === null ? 'would be withdrawn' : `is withdrawn (ledger ${ledger})`;
  const reached = Object.entries(counts).map(([kind, count]) => counted(count, kind));
  const hidden = touched.length - itemsShown;
  const pathOf = pathsIn(touched);
  return [
    `${row} ${done} from ${withdrawn} on: ${changes.length} decisions change`,
    ...othersWords(withdrawal),
    ...replacedWords(withdrawal),
    touched.length === 0 ? reachesNothing : `It has reached ${reached.join(', ')}`,
    ...touched.slice(0, itemsShown).map((item) => `  ${pathOf(item).join(' > ')}`),
    ...(hidden > 0 ? [`  and ${hidden} more (--json lists all)`] : []),
    ...removedWords(withdrawal),
    ...wordedWords(withdrawal),
    ...permittedWords(withdrawal),
    ...alikeWords(withdrawal),
    ...uncomparedWords(withdrawal),
    ...atWorkWords(withdrawal),
    taskWords({ tasks }),
    withdrawal.notice,
  ].join('\n');
}

/** A row that was replaced permits nothing more itself; what stands in its place was not asked about. */
const replacedWords = ({ replacedBy }: Withdrawal): string[] =>
  replacedBy.map(
    (row) =>
      `${row}, which replaced it, is in force and permits what it says until it is withdrawn by itself`,
  );

/** Whoever it was said for may say it anew, by a row of its own. The party may have withdrawn earlier than this ends. */
function othersWords({ withIt, ledger }: Withdrawal): string[] {
  const rows = withIt.map(({ row }) => row).join(', ');
  const done = ledger === null ? 'would be withdrawn' : 'is withdrawn';
  return withIt
    .slice(0, 1)
    .map(({ withdrawn }) => `What it said for others ${done} with it from ${withdrawn} on: ${rows}`);
}

const reachesNothing =
  'Nothing that was made here rests on it, by the ledger in force or any before it: nothing is blocked';

/** What is removed of shots is removed also where nothing was made of them yet. */
function removedWords({ ledger, touched, purged, trials, thumbnails }: Withdrawal): string[] {
  if (ledger === null) return [];
  const pictures = `thumbnails of ${counted(thumbnails, 'shot')}`;
  if (touched.length === 0) return thumbnails === 0 ? [] : [`Removed: ${pictures}, with their captions`];
  return [
    `All of it is blocked; clips removed from ${counted(purged.length, 'snapshot')}, weights of ${counted(trials.length, 'trial')}, ${pictures}`,
  ];
}

const atWorkWords = ({ cancelled, atWork }: Withdrawal): string[] => [
  ...cancelled.map((id) => `Asked to stop: ${id}`),
  ...atWork.map(
    (command) =>
      `At work: ${command}. What it records is decided anew, and refused where it rests on what is withdrawn`,
  ),
];

function wordedWords({ worded, ledger }: Withdrawal): string[] {
  if (worded.length === 0) return [];
  const done = ledger === null ? 'would be removed' : 'are removed';
  return [
    `The words of ${counted(worded.length, 'take')} were captions of it: they ${done}, with the signed files that hold them; the takes stay`,
  ];
}

const permittedWords = ({ touched, permitted }: Withdrawal): string[] =>
  besideWords(
    touched,
    permitted,
    `${permitted.length} more things rest on it for the use of takes, which other rows still permit; they are not blocked`,
  );

/** What was made of shots that only look the same, with the ways there. */
const alikeWords = ({ touched, alike }: Withdrawal): string[] =>
  besideWords(
    touched,
    alike,
    `By likeness of pictures ${alike.length} more things are concerned, for people to look at; they are not blocked`,
  );

function uncomparedWords({ uncompared }: Withdrawal): string[] {
  if (uncompared.length === 0) return [];
  const hidden = uncompared.length - itemsShown;
  return [
    `${counted(uncompared.length, 'video')} that takes were given could not be compared: whether they are copies of reached takes is not known`,
    ...uncompared
      .slice(0, itemsShown)
      .map(({ file, why, takes }) => `  ${file} (${why}): ${takes.join(', ')}`),
    ...(hidden > 0 ? [`  and ${hidden} more (--json lists all)`] : []),
  ];
}

function besideWords(touched: readonly Touched[], items: readonly Touched[], head: string): string[] {
  if (items.length === 0) return [];
  const pathOf = pathsIn([...touched, ...items]);
  const hidden = items.length - itemsShown;
  return [
    head,
    ...items.slice(0, itemsShown).map((item) => `  ${pathOf(item).join(' > ')}`),
    ...(hidden > 0 ? [`  and ${hidden} more (--json lists all)`] : []),
  ];
}

const counted = (count: number, kind: string): string =>
  `${count} ${count === 1 ? kind : `${kind}s`.replace(/ys$/, 'ies')}`;

/** Of items, those from a ledger row to one of them, both included, in words. */
export function pathsIn(items: readonly Touched[]): (item: Touched) => string[] {
  const byId = new Map(items.map((one) => [one.id, one]));
  return (item) => {
    const path = [`${item.kind} ${item.id}`];
    for (let at: Touched | undefined = item; at; at = byId.get(at.via)) {
      const before = byId.get(at.via);
      path.unshift(before ? `${before.kind} ${before.id}` : at.via);
    }
    return path;
  };
}

export const taskWords = ({ tasks }: { tasks: readonly Task[] }): string =>
  tasks.map(taskLine).join('\n') || 'Nothing is left to decide.';

function taskLine({ id, withdrawal, due, subject, what, done }: Task): string {
  if (done) return `${id}  done ${done.at.slice(0, 10)} by ${done.by}: ${subject}. ${done.evidence}`;
  const by = Date.parse(due) < Date.now() ? 'overdue since' : 'by';
  return `${id}  ${by} ${due.slice(0, 10)}: ${subject}, for the withdrawal of ${withdrawal}. ${what}`;
}

export const retiredWords = ({ retired, models, settled, notice }: Retired): string =>
  [
    ...models.map(
      ({ id, via }) =>
        `${retired ? 'Out of use' : 'Would be out of use'}: ${id}${via === null ? '' : `, made from ${via}`}`,
    ),
    ...settled.map((id) => `${retired ? 'Settled' : 'Would be settled'}: ${id}`),
    'Weights and takes lie where they lay: nothing is drawn with a retired model, trained from it or exported any more, and there is no way back.',
    notice,
  ].join('\n');
