import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { BacklotError } from '../../contract/index.ts';
import { appendAudit, type Context, makeFolder, writeOnce } from '../../jobs/index.ts';
import { canonicalJson, digestOf } from '../digest.ts';
import { writeKey } from '../public-key.ts';
import { countsReplicas } from '../statement-rules.ts';
import type {
  Statement,
  StatementInput,
  statementOutputSchema,
  verifyStatementOutputSchema,
} from '../statement-schema.ts';
import { readModelsMade } from '../store.ts';
import { type Accounts, type Statements, statementsOf } from './compute.ts';
import { givenFilms } from './given.ts';
import { ledgersThen, type Names, noteNames } from './ledgers.ts';
import { leftOutBy } from './left-out.ts';
import { type Moment, makingFor, momentsOf } from './moment.ts';
import { statementPage } from './page.ts';
import { periodOf } from './period.ts';
import { readPool } from './pool-file.ts';
import { replicasMade } from './replicas.ts';
import { finishedRuns, lostRuns } from './runs.ts';
import { readStatement, sealStatement, textOf } from './sealed.ts';
import { trainingsOf } from './trainings.ts';

/**
 * Writes everybody's statement of a period as JSON and HTML, each signed, and the studio's summary. Written again
 * into their folder they have the same bytes.
 * @throws BacklotError `bad-input`, `pool-invalid`, `folder-not-empty`, `file-exists`
 */
export async function writeStatements(
  context: Context,
  { from, until, pool: poolFile, to }: StatementInput,
): Promise<z.input<typeof statementOutputSchema>> {
  const pool = poolFile === undefined ? null : await readPool(poolFile);
  const period = periodOf(from, until, new Date());
  const made = await makingFor(context.db, to, { period, pool });
  const { summary, participants, notices } = await statementsFor(
    context,
    { period, pool, ...made },
    made.asOf,
  );
  const isNew = await mustHoldNoOther(to, summary);
  const details = { period, digest: summary.digest, participants: participants.length };
  const act = { who: context.who, what: 'provenance.statement', subject: to, details };
  if (isNew) await appendAudit(context.db, act);
  // First: a folder that holds it can be finished by the same command.
  const files = await write(to, 'summary', summary);
  for (const statement of participants) files.push(...(await write(to, statement.participant.id, statement)));
  files.push(await writeKey(to));
  return { summary, notices, files };
}

/** Statements of one period lie alone: a participant who is only in another's would seem to be in this one. */
async function mustHoldNoOther(folder: string, summary: Statement): Promise<boolean> {
  await makeFolder(folder);
  const names = await readdir(folder);
  if (names.length === 0) return true;
  const before = await readFile(join(folder, 'summary.json'), 'utf8').catch(() => null);
  if (before === textOf(summary)) return false;
  throw new BacklotError('folder-not-empty', {
    expected: 'a new or empty folder, or one that holds these very statements',
    where: folder,
    found: `${names.length} files`,
    remedy: 'Name another folder.',
  });
}

type Asked = Pick<Accounts, 'period' | 'pool' | 'rule' | 'asOf'>;

/** @param by what was recorded later counts for nothing; undefined: all counts */
async function statementsFor(
  { db, paths }: Context,
  asked: Asked,
  by: Moment,
): Promise<Statements & { unbelieved: string[]; notices: string[] }> {
  const { period, pool, rule, asOf } = asked;
  const found = await finishedRuns(paths.runs, period, asOf);
  const lost = lostRuns(await readModelsMade(db, period), found.dated);
  const ledgers = ledgersThen(db);
  const learned = await trainingsOf(db, found.runs, { asOf: by, rule }, ledgers);
  const used = await givenFilms(db, period, { asOf: by, rule }, ledgers);
  const drawn = await replicasMade(db, period, by, ledgers);
  const told = countsReplicas(rule) ? [learned, used, drawn] : [learned, used];
  const accounts = {
    ...{
      period,
      pool,
      rule,
      asOf,
      trainings: learned.trainings,
      given: used.given,
      replicas: drawn.replicas,
    },
    names: namesOf(told.map(({ names }) => names)),
    notKnown: [...found.notKnown, ...lost, ...told.flatMap(({ notKnown }) => notKnown)],
  };
  return { ...statementsOf(accounts), unbelieved: found.unbelieved, notices: leftOutBy(accounts) };
}

function namesOf(told: readonly Names[]): Names {
  const names: Names = new Map();
  for (const one of told) noteNames(names, one);
  return names;
}

/** A name that a ledger gives to a party may be any text of letters; `summary` is the studio's. */
async function write(folder: string, id: string, statement: Statement): Promise<string[]> {
  const name = statement.kind === 'participant' ? `participant-${id}` : id;
  const [data, page] = [join(folder, `${name}.json`), join(folder, `${name}.html`)];
  await writeOnce(data, textOf(statement));
  await writeOnce(page, statementPage(statement));
  return [data, page, await sealStatement(data, statement)];
}

/** Computes a statement again from the workspace. @throws BacklotError `statement-unreadable` */
export async function verifyStatement(
  context: Context,
  file: string,
): Promise<z.infer<typeof verifyStatementOutputSchema>> {
  const given = await readStatement(file);
  const { digest, ...content } = given;
  const { ours, unbelieved } = await computedAgain(context, given);
  const matches = canonicalJson(given) === canonicalJson(ours);
  return {
    ...{
      file,
      digest,
      whole: digestOf(content) === digest,
      recomputed: ours?.digest ?? digestOf(null),
      matches,
    },
    differences: ours ? differences(given, ours) : ['nothing of the period concerns this participant'],
    unbelieved: matches ? [] : unbelieved,
  };
}

interface Again {
  ours: Statement | undefined;
  unbelieved: string[];
}

/** As of the moment at which it may have been made that gives the same, else of the last. */
async function computedAgain(context: Context, given: Statement): Promise<Again> {
  const { period, pool, asOf } = given;
  // A pool is divided by the rule that it names.
  const asked = { period, pool, asOf, rule: pool?.rule ?? given.rule.id };
  let again: Again = { ours: undefined, unbelieved: [] };
  for (const moment of await momentsOf(context.db, given)) {
    const { unbelieved, ...statements } = await statementsFor(context, asked, moment);
    again = { ours: counterpart(statements, given), unbelieved };
    if (canonicalJson(given) === canonicalJson(again.ours)) break;
  }
  return again;
}

const counterpart = ({ summary, participants }: Statements, given: Statement): Statement | undefined =>
  given.kind === 'summary'
    ? summary
    : participants.find(({ participant }) => participant.id === given.participant.id);

function differences(given: Statement, ours: Statement): string[] {
  const parts: [string, unknown][] = Object.entries(ours).filter(([name]) => name !== 'digest');
  const theirs = new Map<string, unknown>(Object.entries(given));
  return parts.flatMap(([name, part]) =>
    canonicalJson(part) === canonicalJson(theirs.get(name)) ? [] : name,
  );
}
