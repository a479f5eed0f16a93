import { givenFrom, type Papers, type Said } from './acting.ts';
import { replacedIn } from './changes.ts';
import { isSaidSince, liftedBy } from './lifting.ts';
import {
  isMoment,
  isOver,
  isRow,
  listOf,
  type Problem,
  problem,
  type RecordedRows,
  type Row,
  shown,
  textOf,
} from './raw.ts';

/** What is known of a consent, in a document or beside it; of some that are out of force nothing but the id. */
type Known = (id: string) => Row | undefined;

interface Around {
  recorded: RecordedRows;
  papers: Papers;
}

/**
 * Consents that would lift what is no refusal of their party, and those that no longer lift what the one in whose place they stand did.
 * @param rows consents, those that are spoken of among them
 */
export function liftProblems(rows: readonly Row[], recorded: RecordedRows, papers: Papers): Problem[] {
  const gone = replacedIn('consents', rows);
  const byId = new Map(rows.map((row) => [textOf(row.id), row]));
  const known = (id: string) => byId.get(id) ?? recorded.get(`consents/${id}`);
  return rows.flatMap((row, i) =>
    row.lifts === undefined && row.supersedes === undefined
      ? []
      : [...namedProblems(row, i, known, { recorded, papers }), ...forgottenProblems(row, i, known, gone)],
  );
}

function namedProblems(row: Row, i: number, known: Known, { recorded, papers }: Around): Problem[] {
  if (row.lifts === undefined) return [];
  const path = ['consents', i, 'lifts'];
  if (row.answer === 'refused')
    return [problem(path, 'a consent that is given, as it lifts refusals', 'a refusal', 'Remove lifts.')];
  return listOf(row.lifts).flatMap((given, j) => {
    const id = textOf(given);
    const old = id === undefined ? undefined : known(id);
    if (id === undefined) return [];
    const isNew = !liftedBy(recorded.get(`consents/${textOf(row.id)}`) ?? {}).includes(id);
    if (old && isRefusalOf(old, row.party)) return isNew ? dayProblems([...path, j], row, old, papers) : [];
    const expected = `the id of a refusal of ${shown(row.party)}`;
    return [
      problem([...path, j], expected, foundAt(id, old), 'Keep the refusal in the file, or correct the id.'),
    ];
  });
}

/** What somebody refuses after having consented is not lifted by that consent: nobody has agreed since. Without a day nobody could tell. */
function dayProblems(path: Problem['path'], row: Row, old: Row, papers: Papers): Problem[] {
  if (isOver(row, Date.now())) return [];
  if (givenFrom(papers, saidIn(row)) === undefined) {
    const expected = `a consent that says when it was given, as it lifts ${shown(old.id)}`;
    const remedy =
      'Write on, or in evidence the agreement that was signed: what was agreed to before a refusal lifts none.';
    return [problem(path, expected, 'no day', remedy)];
  }
  if (!isSaidSince(saidIn(old), saidIn(row), papers)) return [];
  return [
    problem(
      path,
      `a refusal of before ${shown(row.id)} was given`,
      `${shown(old.id)}, which was said after it`,
      'Remove it from lifts, or correct the day of one of the two: a consent given since is a row of its own.',
    ),
  ];
}

function saidIn({ on, evidence }: Row): Said {
  const agreement = isRow(evidence) ? textOf(evidence.agreement) : undefined;
  return {
    ...(isMoment(on) ? { on } : {}),
    ...(agreement === undefined ? {} : { evidence: { agreement } }),
  };
}

/** Of what is out of force it may be that nothing but the id is known. */
const isRefusalOf = (old: Row, party: unknown): boolean =>
  old.answer === undefined ? Object.keys(old).length === 1 : old.answer === 'refused' && old.party === party;

const foundAt = (id: string, old: Row | undefined): string =>
  old === undefined
    ? shown(id)
    : `${shown(id)}, which ${old.answer === 'refused' ? `is one of ${shown(old.party)}` : 'is none'}`;

/** A refusal forbids again, unseen, where a consent that lifted it is replaced by one that does not say so. */
function forgottenProblems(row: Row, i: number, known: Known, gone: ReadonlySet<string>): Problem[] {
  const now = Date.now();
  if (row.answer !== 'given' || gone.has(textOf(row.id) ?? '') || isOver(row, now)) return [];
  const lifts = new Set(liftedBy(row));
  const forgotten = [...liftedBefore(row, known, now)].filter(
    (id) => !lifts.has(id) && known(id)?.answer === 'refused' && !gone.has(id),
  );
  if (forgotten.length === 0) return [];
  const list = [...new Set([...listOf(row.lifts), ...forgotten])].join(', ');
  return [
    problem(
      ['consents', i, 'supersedes'],
      `a consent that lifts ${forgotten.map(shown).join(' and ')} too, as what it replaces did`,
      row.lifts === undefined ? 'nothing in lifts' : `lifts ${shown(row.lifts)}`,
      `Write lifts: [${list}]: it would else permit nothing of what was refused.`,
    ),
  ];
}

/** What consents lifted in whose place, one after the other, a row stands. What is withdrawn or has ended lifts nothing any more. */
function liftedBefore(row: Row, known: Known, now: number): Set<string> {
  const [lifted, seen] = [new Set<string>(), new Set<string>()];
  let id = textOf(row.supersedes);
  while (id !== undefined && !seen.has(id)) {
    seen.add(id);
    const old = known(id);
    for (const one of old && !isOver(old, now) ? liftedBy(old) : []) lifted.add(one);
    id = old?.answer === 'given' ? textOf(old.supersedes) : undefined;
  }
  return lifted;
}
