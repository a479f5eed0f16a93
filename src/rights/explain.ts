import { filesMarked, filesNamed, getFile } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { filmSpans, getShot, knownCopies, type Shot } from '../shots/index.ts';
import type { Asked } from './ask.ts';
import { askedWords } from './asked-words.ts';
import { basisOf, questionBase } from './bulk.ts';
import { withOthers } from './copies.ts';
import { decideCovered } from './decide.ts';
import { markedOf, withMarks } from './marks.ts';
import { namedOf } from './match.ts';
import type { Explanation } from './schema.ts';
import { ledgerAround } from './slice-store.ts';

/**
 * Says in words why a shot is in or out: the outcome, every reason with its row, and the grant that comes
 * nearest. Reads the rows around the shot only, so that a catalogue's size does not count.
 * @throws BacklotError `no-such-shot`
 */
export async function explainShot(
  { db }: Pick<Context, 'db'>,
  shotId: string,
  ask: Asked,
): Promise<Explanation> {
  const found = await decidedAlone(db, shotId, ask);
  if (!found) throw shotNotFound(shotId);
  const { shot, named, around, title, covered, ...alone } = found;
  const decision = withOthers(alone.decision, await othersOf(db, shotId, ask));
  const facts = { file: named.name, title, covered };
  const explanation = { ...basisOf({ ledger: around }, ask), ...facts, ...decision };
  return { ...explanation, words: wordsOf(explanation, shot, around?.recorded ?? new Map()) };
}

/** A shot decided by the rows around it, without what its copies say; null where it or its film is not here. */
async function decidedAlone(db: Context['db'], shotId: string, ask: Asked) {
  const shot = await getShot(db, shotId);
  const file = shot && (await getFile(db, shot.fileId));
  if (!shot || !file) return null;
  const named = namedOf(file);
  const around = await ledgerAround(db, [named], ask.performers);
  const twins = (await filesNamed(db, named.name)).map(namedOf);
  const marked = (await filesMarked(db)).map((other) => markedOf(namedOf(other), other));
  const ledger = around ? withMarks(around.document, marked) : undefined;
  const base = questionBase(ledger, named, twins, ask.performers);
  const film = (await filmSpans(db, [file.id])).get(file.id);
  const question = { ...ask, ...base, film, shot: { ...shot, file: named } };
  const { decision, covered } = decideCovered(question);
  const title = 'title' in base.title ? base.title.title : null;
  return { shot, named, around, title, covered, decision: { shotId, ...decision } };
}

/** What was decided of the shots that show the same. */
async function othersOf(db: Context['db'], shotId: string, ask: Asked) {
  const pairs = await knownCopies(db, shotId);
  const ids = new Set(pairs.flat().filter((id) => id !== shotId));
  const found = await Promise.all([...ids].map((id) => decidedAlone(db, id, ask)));
  return found.flatMap((other) => other?.decision ?? []);
}

const shotNotFound = (found: string): BacklotError =>
  new BacklotError('no-such-shot', {
    expected: 'the id of a shot of this workspace',
    where: 'rights explain SHOT',
    found,
    remedy: 'List the shots with `backlot shots list`.',
  });

type Recorded = ReadonlyMap<string, { by: string; on: string }>;

/** @param recorded who recorded a row and on which day, by `<section>/<id>` */
function wordsOf(explanation: Omit<Explanation, 'words'>, shot: Shot, recorded: Recorded): string {
  const { outcome, reasons, obligations, assumptions, nearestMiss: near } = explanation;
  const place = `${explanation.file} ${shot.inTimecode}-${shot.outTimecode} (frames ${shot.in}-${shot.out})`;
  const title = explanation.title === null ? 'no title of the ledger' : `title ${explanation.title}`;
  const rowWords = (row: string) => {
    const known = recorded.get(row);
    return known ? `${row}, recorded ${known.on} by ${known.by}` : row;
  };
  return [
    `${explanation.shotId}, ${place}, ${title}`,
    `${outcome} for ${askedWords(explanation)}`,
    ...reasons.map(({ rule, row, message }) => `  ${rule}: ${message} (${rowWords(row)})`),
    ...assumptions.map(({ message }) => `  assumed: ${message}`),
    ...coveredWords(explanation, rowWords),
    ...(near ? [`  nearest: grants/${near.grant} ${near.misses.map((m) => m.message).join(' and ')}`] : []),
    ...nearestWords(explanation),
    ...(obligations.length > 0
      ? [`  duties: ${obligations.map((id) => `obligations/${id}`).join(', ')}`]
      : []),
    `Ledger ${explanation.ledger ?? 'none'}, rules ${explanation.ruleVersion}. ${explanation.notice}`,
  ].join('\n');
}

/** Where several things are asked at once, a grant for one of them is none for another. */
function coveredWords(
  { covered }: Pick<Explanation, 'covered'>,
  rowWords: (row: string) => string,
): string[] {
  return covered.map(({ use, performer, grants }) => {
    const what = performer === null ? use : `${use} of ${performer}`;
    const rows = grants.map((id) => rowWords(`grants/${id}`)).join('; ');
    if (covered.length === 1) return rows === '' ? '  no grant covers it' : `  covered by ${rows}`;
    return rows === '' ? `  no grant covers ${what}` : `  ${what} is covered by ${rows}`;
  });
}

/** Those that no reason names with its misses, each once, though several rows and uses may ask for it. */
function nearestWords({ nearestConsents, reasons }: Pick<Explanation, 'nearestConsents' | 'reasons'>) {
  const lines = nearestConsents.flatMap(({ party, consent, misses }) => {
    const near = `consents/${consent} ${misses.map((m) => m.message).join(' and ')}`;
    return reasons.some(({ message }) => message.endsWith(near)) ? [] : [`  nearest of ${party}: ${near}`];
  });
  return [...new Set(lines)];
}
