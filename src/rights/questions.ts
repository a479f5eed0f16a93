import type { Ask } from './ask.ts';
import { dutyWords } from './duties.ts';
import { isKept } from './exclusive-problems.ts';
import { housesOf } from './house.ts';
import { isWithdrawn } from './moments.ts';
import { licencesOf } from './owners.ts';
import type { Approval, Consent, Grant, Ledger, Question, Reason, ShotDecision } from './schema.ts';
import { concerns, isForUse } from './scope.ts';

/** What stands between a shot and the use: questions that somebody can answer, or a no that stays a no. */
export type Standing = { barred: true } | { barred: false; questions: Question[] };

interface Place {
  ledger: Ledger;
  /** Of every party, by its id. */
  partyNames: ReadonlyMap<string, string>;
  /** Parties that have withdrawn all that they permitted, by their ids. */
  left: ReadonlySet<string>;
  /** Title of the ledger, or null where the file is unknown. */
  title: string | null;
  file: string;
  ask: Omit<Ask, 'performer'>;
  /** The title's owners who grant nothing for it: whom the reasons `no_grant` are of. */
  silent: readonly string[];
}

/**
 * The questions of a refused shot. Of an owner's grants any one that is widened is enough, so all that they lack
 * is one question; what was refused, forbidden, withdrawn or permitted to another alone is no question.
 */
export function questionsOf({ reasons, nearestMiss }: ShotDecision, place: Place): Standing {
  if (reasons.some((reason) => isFinal(reason, reasons, place))) return { barred: true };
  const found = reasons.flatMap((reason) => questionsIn(reason, place, nearestMiss?.grant));
  const unique = new Map(found.map((question) => [question.id, question] as const));
  return { barred: false, questions: [...unique.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Whether it is a no that stays a no: nobody is asked again who refused or withdrew, nor for what the ledger would refuse. */
function isFinal(reason: Reason, reasons: readonly Reason[], place: Place): boolean {
  const { rule, row } = reason;
  if (rule === 'consent_refused' || rule === 'restriction') return true;
  if (askedBy(reason, place).some((party) => place.left.has(party))) return true;
  if (isPermittedToAnother(reason, place) || isTakenBack(reason, place)) return true;
  return rule === 'withdrawn' && !stands(grantorOf(row, place), reasons, place);
}

/** Whether what is missing was permitted for the use once, and all of that is withdrawn. */
function isTakenBack(reason: Reason, place: Place): boolean {
  const given = givenOnce(reason, place).filter((row) => isForUse(row, place.ask));
  return given.length > 0 && given.every((row) => isWithdrawn(row, place.ask.at));
}

/** Licences, approvals or consents for what the reason says is missing. */
function givenOnce({ rule, row }: Reason, { ledger, title }: Place): (Grant | Approval | Consent)[] {
  const { materials, approvals, consents } = ledger;
  if (rule === 'material_not_cleared')
    return materials
      .filter(({ id }) => row === `materials/${id}`)
      .flatMap((material) => licencesOf(material, ledger));
  if (title === null) return [];
  if (rule === 'approval_missing')
    return approvals.filter((one) => row === `restrictions/${one.restriction}` && concerns(one, title));
  if (rule !== 'consent_missing') return [];
  const party = partyIn(row, ledger);
  return consents.filter((one) => one.party === party && one.answer === 'given' && concerns(one, title));
}

/** Where nobody has stated the house, a grant to whom the other names counts as one to it. */
function isPermittedToAnother(reason: Reason, place: Place): boolean {
  const { ledger, title, ask } = place;
  const [house] = housesOf(ledger);
  const [section, id = ''] = reason.row.split('/');
  if (!house || !title || reason.rule === 'approval_missing') return false;
  const materials = section === 'materials' ? { materials: [id] } : {};
  return askedBy(reason, place).some((grantor) =>
    isKept({ ...leastOf(ask), ...materials, grantor, grantee: house, titles: [title] }, ledger),
  );
}

/** The least that an owner would have to permit. */
const leastOf = ({ use, territory, asOf, model, trainer, output }: Place['ask']) => ({
  ...{ id: '', uses: [use], territories: [territory], from: asOf, until: asOf, trainers: [trainer] },
  ...(model === null ? {} : { models: [model] }),
  ...(output === null ? {} : { outputs: [output] }),
});

/** Whether a grant of the owner that was for the use is not withdrawn: a longer or wider one may be asked for. */
const stands = (owner: string | undefined, reasons: readonly Reason[], place: Place): boolean => {
  const rows = new Set(reasons.flatMap(({ row }) => (grantorOf(row, place) === owner ? [row] : [])));
  return [...rows].some((row) => !reasons.some((one) => one.row === row && one.rule === 'withdrawn'));
};

const grantorOf = (row: string, { ledger }: Place): string | undefined =>
  ledger.grants.find(({ id }) => row === `grants/${id}`)?.grantor;

/** The parties whose yes is missing, where the reason is of some. */
function askedBy({ rule, row }: Reason, place: Place): readonly string[] {
  const { restrictions, materials } = place.ledger;
  if (rule === 'no_grant') return place.silent;
  if (rule === 'approval_missing')
    return restrictions.flatMap(({ id, imposedBy }) =>
      row === `restrictions/${id}` ? (imposedBy ?? []) : [],
    );
  if (rule === 'material_not_cleared')
    return materials.flatMap(({ id, owner }) => (row === `materials/${id}` ? (owner ?? []) : []));
  return [grantorOf(row, place) ?? []].flat();
}

function questionsIn(reason: Reason, place: Place, nearest: string | undefined): Question[] {
  const { rule, row } = reason;
  const [section = '', key = ''] = row.split('/');
  if (rule === 'no_grant')
    return place.silent.map((owner) => ({ id: `${row} ${owner}`, row, says: grantWords(owner, place) }));
  if (section === 'grants') return [permissionOf(key, place, nearest)];
  if (row === 'titles') return ownership(place);
  const says = wordsFor(reason, key, place);
  const id = rule === 'consent_missing' ? `consent of ${partyIn(row, place.ledger)}` : `${row} ${says}`;
  return [{ id, row, says }];
}

/** To know whose a film is frees nothing by itself. */
function ownership({ file, ask }: Place): Question[] {
  const row = 'titles';
  const owners = `if somebody says whose ${file} is`;
  const grants = `if its owners then grant ${ask.use} in ${ask.territory}, and whoever is seen in ${file} consents`;
  return [owners, grants].map((says) => ({ id: `${row} ${says}`, row, says }));
}

function grantWords(owner: string, { ask, partyNames, ledger, title: id }: Place): string {
  const title = ledger.titles.find((one) => one.id === id)?.name ?? id;
  return `if ${partyNames.get(owner) ?? owner} grants ${ask.use} in ${ask.territory} for ${title}`;
}

/** One question for all grants of an owner, told by the nearest of them. */
function permissionOf(
  id: string,
  { ledger, partyNames, title, ask }: Place,
  nearest: string | undefined,
): Question {
  const grantor = ledger.grants.find((grant) => grant.id === id)?.grantor ?? '';
  const near = ledger.grants.find((grant) => grant.id === nearest && grant.grantor === grantor);
  const own = ledger.grants.filter(
    (grant) => grant.grantor === grantor && title && grant.titles.includes(title),
  );
  const best = near?.id ?? own.map((grant) => grant.id).sort()[0] ?? id;
  const says = `if ${partyNames.get(grantor) ?? grantor} grants ${ask.use} in ${ask.territory} for ${title}`;
  const told = near ? `${says} (nearest: grants/${near.id})` : says;
  return { id: `permission of ${grantor} for ${title}`, row: `grants/${best}`, says: told };
}

function wordsFor({ rule, row, message }: Reason, key: string, place: Place): string {
  switch (rule) {
    case 'consent_missing':
      return `if ${personIn(row, place)} consents to ${place.ask.use}`;
    case 'consent_incomplete':
      return `if ${row} is completed: ${message}`;
    case 'not_represented':
      return `if it is shown when ${row} was given and that its giver represented the person then`;
    case 'unplaced':
      return `if the place of ${row} is corrected: ${message}`;
    case 'cast_not_stated':
    case 'materials_not_stated':
      return `if somebody says that ${listedWords[rule](key)}`;
    case 'chain_of_title':
      return `if the chain of title is mended: ${message}`;
    case 'appearance_proposed':
      return `if ${personIn(row, place)} is not who is seen (${row})`;
    case 'material_proposed':
      return `if nothing of others is seen (${row})`;
    case 'copy_of_refused':
      return `if it is said that this is another picture, or ${row} is settled: ${message}`;
    case 'material_not_cleared':
      return `if ${row} is licensed for ${place.ask.use}`;
    case 'approval_missing':
      return approvalWords(row, message, place);
    case 'obligation_open':
      return `if ${row} is recorded as done: ${dutyIn(key, place) ?? message}`;
    default:
      return row === 'parties'
        ? `if it is said who is meant: ${message}`
        : `if every owner of ${key} is named and grants`;
  }
}

const listedWords = {
  cast_not_stated: (title: string) => `all who are seen in ${title} are listed (casts)`,
  materials_not_stated: (title: string) => `everything of others in ${title} is listed (inventories)`,
};

function approvalWords(row: string, message: string, { ledger, partyNames }: Place): string {
  const restriction = ledger.restrictions.find(({ id }) => row === `restrictions/${id}`);
  if (restriction?.imposedBy === undefined) return `if it is named who approves (${row}): ${message}`;
  const who = partyNames.get(restriction.imposedBy) ?? restriction.imposedBy;
  return `if ${who} approves, as ${row} asks: ${restriction.reason}`;
}

function dutyIn(key: string, { ledger, partyNames }: Place): string | undefined {
  const row = ledger.obligations.find(({ id }) => id === key);
  return row && dutyWords(row, partyNames.get(row.to) ?? row.to);
}

/** Whom the row is about: an appearance's party, or the party itself. */
const partyIn = (row: string, { appearances }: Ledger): string =>
  row.startsWith('parties/')
    ? row.slice('parties/'.length)
    : (appearances.find(({ id }) => row === `appearances/${id}`)?.party ?? '');

function personIn(row: string, { ledger, partyNames }: Place): string {
  const party = partyIn(row, ledger);
  return partyNames.get(party) ?? party;
}
