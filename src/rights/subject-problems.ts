import { plainName } from './match.ts';
import { spanOf } from './moments.ts';
import {
  isMoment,
  isOver,
  listOf,
  type Problem,
  problem,
  type Row,
  type Section,
  shown,
  textOf,
} from './raw.ts';

/** What rows are about: one replaces another of its section where these fields say the same, and these lists have something in common. */
interface Subject {
  same: readonly string[];
  shared: readonly string[];
}

const ofTitle: Subject = { same: ['title'], shared: [] };
/** That somebody or something is nowhere: the title may be another one, as nobody else names the film any more. */
const nowhere: Partial<Record<Section, Subject>> = {
  appearances: { same: ['party'], shared: [] },
  materials: { same: ['kind', 'owner'], shared: [] },
};

const ofNothing: Subject = { same: [], shared: [] };

const subjects: Partial<Record<Section, Subject>> = {
  titles: { same: [], shared: ['files'] },
  agreements: { same: [], shared: ['parties'] },
  grants: { same: ['grantor'], shared: ['titles', 'materials'] },
  restrictions: { same: ['imposedBy'], shared: ['titles'] },
  consents: { same: ['party'], shared: ['titles'] },
  appearances: ofTitle,
  casts: ofTitle,
  materials: ofTitle,
  inventories: ofTitle,
  obligations: { same: ['kind', 'to'], shared: ['titles'] },
  approvals: { same: ['by'], shared: ['titles'] },
  policies: { same: ['cast', 'materials', 'house'], shared: [] },
};

/** A row that would replace one of somebody or something else, or one that forbids before it begins itself. */
export function subjectProblems(section: Section, i: number, row: Row, old: Row): Problem[] {
  const { same, shared } = (row.shots === 'none' ? nowhere[section] : subjects[section]) ?? ofNothing;
  const differing = [
    ...same.filter((field) => !isAlike(section, row[field], old[field]) && !isUnnamed(field, old)),
    ...shared.filter((field) => !meet(row[field], old[field])),
  ];
  return [
    ...differing.map((field) =>
      problem(
        [section, i, 'supersedes'],
        `a row about the same: ${field} ${shown(row[field])}`,
        `${shown(old.id)}, of ${field} ${shown(old[field])}`,
        `Remove supersedes, so that both stand: what somebody said is replaced by another word of theirs about the same. Where the old row was a mistake, ${endings[section] ?? ended}`,
      ),
    ),
    ...lateProblems(section, i, row, old),
  ];
}

const ended =
  'let a row that says the same and has ended (until) replace it, and let this one replace nothing.';
const unseen =
  'let one of the same party, or of the same kind and owner, with `shots: none` replace it, and let this one replace nothing.';

/** How a mistake is ended in sections whose rows have no end of their own. */
const endings: Partial<Record<Section, string>> = {
  titles: 'let one that names a file of it, written as there, replace it.',
  agreements: 'let one between some of the same parties replace it.',
  appearances: unseen,
  materials: unseen,
  casts: 'leave it out.',
  inventories: 'leave it out.',
  approvals: 'leave it out.',
  policies: 'let one that says `assumed` for `stated`, or another `house`, replace it.',
};

/** What a policy says, such as who the house is, is said otherwise by the one that replaces it. */
const isAlike = (section: Section, a: unknown, b: unknown): boolean =>
  section === 'policies' ? (a === undefined) === (b === undefined) : a === b;

/** A restriction of which nobody said whose it is, or a thing, may be given a name. */
const isUnnamed = (field: string, old: Row): boolean =>
  ['imposedBy', 'owner'].includes(field) && old[field] === undefined;

function meet(a: unknown, b: unknown): boolean {
  const there = new Set(listOf(b).map(plain));
  return a === b || [a, b].some((one) => one === 'all') || listOf(a).some((one) => there.has(plain(one)));
}

/** Files are written in more than one way. */
const plain = (one: unknown): unknown => (typeof one === 'string' ? plainName(one) : one);

/** In the time between them nothing would be forbidden any more. No consent replaces a refusal, whenever it begins. */
function lateProblems(section: Section, i: number, row: Row, old: Row): Problem[] {
  if (!holdsUp(section, old) || row.answer === 'given' || startOf(row) <= startOf(old)) return [];
  const began = old.from === undefined ? 'which has no beginning' : `which begins ${shown(old.from)}`;
  const remedy =
    'Let it replace nothing: where the old one has ended both stand, else a row of its own that ends (until) when this one begins replaces the old one.';
  return [problem([section, i, 'from'], `no later than ${shown(old.id)}, ${began}`, shown(row.from), remedy)];
}

const holdsUp = (section: Section, { answer }: Row): boolean =>
  section === 'restrictions' || section === 'obligations' || (section === 'consents' && answer === 'refused');

const startOf = ({ from }: Row): number => (isMoment(from) ? spanOf(from).start : -Infinity);

/**
 * What is permitted to somebody else alone is a promise to them, until it has ended or is withdrawn: one to another is no other word about the same.
 * @param now milliseconds since 1970
 */
export function granteeProblems(
  [section, i]: [Section, number],
  row: Row,
  old: Row,
  house: string | undefined,
  now = Date.now(),
): Problem[] {
  const isKept = section === 'grants' && old.exclusive === true && !isOver(old, now);
  if (!isKept || [undefined, house, row.grantee].includes(textOf(old.grantee))) return [];
  return [
    problem(
      [section, i, 'supersedes'],
      `a row about the same: grantee ${shown(old.grantee)}, to whom alone ${shown(old.id)} permits it`,
      `one to ${row.grantee === undefined ? 'the house' : shown(row.grantee)}`,
      'Remove supersedes, so that both stand. The old row ends by withdrawn of a day that has begun, or by a row to the same that has ended (until) and replaces it.',
    ),
  ];
}
