import { createHash } from 'node:crypto';
import { listFiles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { namesRead } from '../shots/index.ts';
import type { Answered, AnswerInput, Credits, CreditsInput } from './credits-schema.ts';
import { creditAnswers, insertAnswer } from './credits-store.ts';
import { append, type Recorder } from './import.ts';
import { matchTitle, namedOf } from './match.ts';
import { nameKey } from './name-forms.ts';
import { isNameOf } from './person-names.ts';
import { findProblems } from './problems.ts';
import type { Problem } from './raw.ts';
import { recordedIn } from './replacing.ts';
import { type Appearance, type Ledger, type LedgerTitle, notLegalAdvice } from './schema.ts';
import { currentLedger, type StoredLedger } from './store.ts';
import { refuseUndone, standingRows, undoneIn } from './undoing.ts';

type Credit = Credits['credits'][number];

/** Names read in credits, and what is known of each. They change no decision: a person answers. */
export async function listCredits({ db }: Pick<Context, 'db'>, input: CreditsInput): Promise<Credits> {
  const ledger = await currentLedger(db);
  const all = await creditsBy({ db }, ledger);
  const asked = input.title === undefined ? all : all.filter(({ title }) => title === input.title);
  return {
    ...{ notice: notLegalAdvice, ledger: ledger?.id ?? null },
    credits: asked.filter(({ state }) => input.state === undefined || state === input.state),
    open: asked.filter(({ state }) => state === 'open').length,
  };
}

/** All of them by title or film, against a ledger. */
export async function creditsBy(
  { db }: Pick<Context, 'db'>,
  ledger: Pick<StoredLedger, 'document'> | null,
): Promise<Credit[]> {
  const [files, answers] = [await listFiles(db), await creditAnswers(db)];
  const named = files.map(namedOf);
  const places = new Map(
    files.map((file) => {
      const match = ledger && matchTitle(ledger.document, namedOf(file), named);
      return [file.id, { film: file.titleName, title: match && 'title' in match ? match.title : null }];
    }),
  );
  const found = new Map<string, Omit<Credit, 'party' | 'state' | 'by' | 'at'>>();
  for (const { name, shot, fileId } of await namesRead(db)) {
    const place = places.get(fileId);
    if (!place) continue;
    const key = `${place.title ?? place.film}/${nameKey(name)}`;
    const credit = found.get(key) ?? { name, ...place, shots: [] };
    found.set(key, { ...credit, shots: [...new Set([...credit.shots, shot])] });
  }
  return [...found].map(([key, credit]) => ({
    ...credit,
    ...standing(credit, answers.get(key), ledger?.document),
  }));
}

type Answer = Awaited<ReturnType<typeof creditAnswers>> extends Map<string, infer A> ? A : never;

/** An answer that named a party counts as long as the ledger says that the party is seen there. */
function standing(
  { name, title }: Pick<Credit, 'name' | 'title'>,
  answer: Answer | undefined,
  ledger: Ledger | undefined,
): Pick<Credit, 'party' | 'state' | 'by' | 'at'> {
  const called = ledger?.parties.find((party) => isNameOf(party, name))?.id;
  const party = answer?.party ?? called ?? null;
  const told = { party, by: answer?.who ?? null, at: answer?.at ?? null };
  if (ledger && party !== null && title !== null && isKnown(ledger, party, title))
    return { ...told, state: 'known' };
  return { ...told, state: answer && answer.party === null ? 'refused' : 'open' };
}

const rowsOf = ({ appearances }: Ledger, party: string, title: string): Appearance[] =>
  appearances.filter((row) => row.party === party && row.title === title);

const isSeen = ({ shots }: Appearance): boolean => shots !== 'none';

/** Whether the ledger says where the party is seen in the title, or that it is in none of its files. */
function isKnown(ledger: Ledger, party: string, title: string): boolean {
  const rows = rowsOf(ledger, party, title);
  const files = ledger.titles.find(({ id }) => id === title)?.files ?? [];
  return (
    rows.some(isSeen) || (rows.length > 0 && files.every((name) => rows.some(({ file }) => file === name)))
  );
}

/**
 * Records what a person says of a name in the credits: whose it is and where that party is seen, or that there is nobody to
 * ask. Appearances are added where the ledger has none of the party in the title; both are recorded, or neither.
 * @throws BacklotError `no-such-credit`, `no-such-party`, `bad-answer`, `ledger-undoes-withdrawal`, `ledger-changed`
 */
export async function answerCredit(context: Context, input: AnswerInput): Promise<Answered> {
  const { db, who } = context;
  const { title, seen } = input;
  const ledger = await currentLedger(db);
  const credit = (await creditsBy({ db }, ledger)).find(
    (one) => one.title === title && nameKey(one.name) === nameKey(input.name),
  );
  if (!ledger || !credit) throw noSuchCredit(input);
  const party = partyOf(input, ledger.document);
  const rows =
    party === null ? [] : appearancesOf(ledger.document, { title, seen, party, name: credit.name });
  const next = await db.transaction(async (tx) => {
    const recorded = rows.length > 0 ? await withRows({ db: tx, who }, ledger, rows) : ledger;
    await insertAnswer(tx, { title, name: nameKey(input.name), party, who });
    return recorded;
  });
  return {
    ...{ notice: notLegalAdvice, name: credit.name, title, party, ledger: next.id },
    state: party === null ? 'refused' : 'known',
    rows: rows.map(({ id }) => id),
  };
}

function partyOf({ seen, party }: AnswerInput, { parties }: Ledger): string | null {
  if ((seen === 'nowhere') !== (party === undefined)) {
    const found = party === undefined ? `${seen} without a party` : `nowhere with the party ${party}`;
    throw refusal(
      'bad-answer',
      'a party that is seen, or nowhere and no party',
      found,
      'Name one of the two.',
    );
  }
  if (party === undefined || parties.some(({ id }) => id === party)) return party ?? null;
  const remedy = 'Add the party to the ledger first: rights import, or rights register with section parties.';
  throw refusal('no-such-party', 'the id of a party of the ledger in force', party, remedy);
}

interface Said {
  title: string;
  seen: AnswerInput['seen'];
  party: string;
  name: string;
}

/** Where the ledger says already where the party is seen, "somewhere" adds nothing to that; "everywhere" says more, but of films of which all is confirmed. */
function appearancesOf(ledger: Ledger, { title, seen, party, name }: Said): Appearance[] {
  const known = rowsOf(ledger, party, title);
  if (seen !== 'everywhere' && known.some(isSeen)) return [];
  const whole = known.filter(({ shots, status }) => shots === 'all' && status === 'confirmed');
  const { files } = ledger.titles.find(({ id }) => id === title) as LedgerTitle;
  const open = files.filter((name) => !whole.some(({ file }) => file === name));
  return open.map((file) => ({
    id: freeId(ledger, `${title}/${party}/${file}`),
    ...{ party, title, file, shots: 'all' as const },
    status: seen === 'everywhere' ? ('confirmed' as const) : ('proposed' as const),
    note: `credited as ${name}`,
  }));
}

/** What a row of the ledger replaced has an id that an import drops; that of an earlier answer is the same row. */
function freeId(ledger: Ledger, place: string): string {
  const id = `credit-${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
  const ended = ledger.appearances.find(({ supersedes }) => supersedes === id);
  return ended ? freeId(ledger, `${place}/${ended.id}`) : id;
}

/** What is wrong with the ledger in force already is not the answer's. */
function problemOf(ledger: Ledger, document: Ledger): Problem | undefined {
  const problems = findProblems(document, recordedIn(ledger));
  if (problems.length === 0) return undefined;
  const known = new Set(findProblems(ledger, recordedIn(ledger)).map((one) => JSON.stringify(one)));
  return problems.find((one) => !known.has(JSON.stringify(one)));
}

async function withRows(
  recorder: Recorder,
  ledger: StoredLedger,
  rows: readonly Appearance[],
): Promise<StoredLedger> {
  const answered = new Set(rows.map(({ id }) => id));
  const others = ledger.document.appearances.filter(({ id }) => !answered.has(id));
  const document = { ...ledger.document, appearances: [...others, ...rows] };
  const problem = problemOf(ledger.document, document);
  if (problem) throw refusal('bad-answer', problem.expected, problem.found, problem.remedy);
  refuseUndone(undoneIn(await standingRows(recorder.db), document), [], 'rights answer');
  const sha256 = createHash('sha256')
    .update(`${ledger.sha256}:${JSON.stringify(rows)}`)
    .digest('hex');
  const act = { what: 'rights.answer', subject: rows[0]?.title ?? '' };
  return append(recorder, ledger, { sha256, source: 'rights answer', document }, act);
}

const noSuchCredit = ({ name, title }: AnswerInput): BacklotError =>
  refusal(
    'no-such-credit',
    'a name read in the credits of a title of the ledger in force',
    `${name} in ${title}`,
    'backlot rights credits lists them; shots text reads them.',
  );

const refusal = (code: string, expected: string, found: string, remedy: string): BacklotError =>
  new BacklotError(code, { expected, where: 'rights answer', found, remedy });
