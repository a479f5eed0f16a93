import { basename } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import type { Shot } from '../shots/index.ts';
import { type Asked, decideHoldings, type Holdings, holdingsOf, namedOf } from './bulk.ts';
import { basisOf } from './check.ts';
import { matchTitle } from './match.ts';
import { spanOf } from './moments.ts';
import type { Explanation } from './schema.ts';
import { missesOf } from './scope.ts';

/**
 * Says in words why a shot is in or out: the outcome, every reason with its row, and the grant that comes
 * nearest.
 * @throws BacklotError `no-such-shot`
 */
export async function explainShot(
  context: Pick<Context, 'db'>,
  shotId: string,
  ask: Asked,
): Promise<Explanation> {
  const all = await holdingsOf(context);
  const shot = all.shots.find(({ id }) => id === shotId);
  const file = all.files.find(({ id }) => id === shot?.fileId);
  const decision = shot && decideHoldings({ ...all, shots: [shot] }, ask)[0];
  if (!shot || !file || !decision) throw shotNotFound(shotId);
  const title = titleOf(all, file);
  const { outcome, reasons, grants } = decision;
  const facts = { shotId, file: basename(file.path), title, outcome, reasons, grants };
  const explanation = { ...basisOf(all, ask), ...facts, nearestMiss: nearestMiss(all, title, grants, ask) };
  return { ...explanation, words: wordsOf(explanation, shot) };
}

const shotNotFound = (found: string): BacklotError =>
  new BacklotError('no-such-shot', {
    expected: 'the id of a shot of this workspace',
    where: 'rights explain SHOT',
    found,
    remedy: 'List the shots with `backlot shots list`.',
  });

function titleOf({ ledger, files }: Holdings, file: Holdings['files'][number]): string | null {
  if (!ledger) return null;
  const match = matchTitle(ledger.document, namedOf(file), files.map(namedOf));
  return 'title' in match ? match.title : null;
}

/** Of the title's grants the one that fails in the fewest dimensions, where none covers what is asked. */
function nearestMiss(
  { ledger }: Holdings,
  title: string | null,
  covering: readonly string[],
  ask: Asked,
): Explanation['nearestMiss'] {
  if (!ledger || title === null || covering.length > 0) return null;
  const at = spanOf(ask.asOf);
  const tried = ledger.document.grants
    .filter((grant) => grant.titles.includes(title))
    .map((grant) => ({ grant: grant.id, misses: missesOf(grant, ledger.document, { ...ask, at }) }))
    .sort((a, b) => a.misses.length - b.misses.length || (a.grant < b.grant ? -1 : 1));
  return tried[0] ?? null;
}

function wordsOf(explanation: Omit<Explanation, 'words'>, shot: Shot): string {
  const { outcome, use, territory, asOf, reasons, grants, nearestMiss: near } = explanation;
  const place = `${explanation.file} ${shot.inTimecode}-${shot.outTimecode} (frames ${shot.in}-${shot.out})`;
  const title = explanation.title === null ? 'no title of the ledger' : `title ${explanation.title}`;
  return [
    `${explanation.shotId}, ${place}, ${title}`,
    `${outcome} for ${use} in ${territory} on ${asOf}`,
    ...reasons.map(({ rule, row, message }) => `  ${rule} (${row}): ${message}`),
    grants.length > 0
      ? `  covered by ${grants.map((id) => `grants/${id}`).join(', ')}`
      : '  no grant covers it',
    ...(near ? [`  nearest: grants/${near.grant} ${near.misses.map((m) => m.message).join(' and ')}`] : []),
    `Ledger ${explanation.ledger ?? 'none'}, rules ${explanation.ruleVersion}.`,
  ].join('\n');
}
