import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, idOf } from '../../contract/index.ts';
import { tables } from '../../db/index.ts';
import { filesOf, listTakes, takesBehind } from '../../generate/index.ts';
import { appendAudit, type Context, makeFolder, mustBeEmpty } from '../../jobs/index.ts';
import { recordStanding, type Standing, standing } from '../../rights/index.ts';
import { signed } from '../../trust/index.ts';
import { refuseTakes } from '../blocks.ts';
import { type Answered, type Declaration, type DeliveryRow, declarationSchema } from '../delivery-schema.ts';
import { digestOf } from '../digest.ts';
import { compareGiven } from '../given-copies.ts';
import { writeKey } from '../public-key.ts';
import { answersTo } from './answers.ts';
import { withDraft } from './drafts.ts';
import { type Facts, factsOf } from './facts.ts';

/** The declaration in a delivery's folder, to be read and as a signed envelope. */
export const readable = 'declaration.json';
export const sealed = 'declaration.dsse.json';
export const sealType = 'application/vnd.backlot.declaration+json';

const notice =
  'What is proved rests on what this workspace has recorded; what was said is on the word of the person named. This is not legal advice.';

/** What is handed over. */
export interface Handed {
  takes: readonly string[];
  to: string;
  /** Puts the files into a folder that has another name until it is whole. @returns what the declaration says of each */
  fill: (draft: string) => Promise<Declaration['takes']>;
  /** What else is written of it, in the transaction that records the delivery. */
  note?: (db: Parameters<typeof appendAudit>[0]) => Promise<void>;
}

/**
 * Whatever leaves the house leaves this way: whole, into a folder of its own, with the five answers about its takes as a signed
 * declaration that is kept.
 * @throws BacklotError `folder-not-empty`, `folder-unwritable`, `blocked`, `answers-missing`, `answer-contradicted`, `purpose-not-cleared`, what
 *   `fill` throws; nothing is handed over then
 */
export async function handOver(context: Context, answered: Answered, handed: Handed): Promise<DeliveryRow> {
  await mustBeEmpty(handed.to);
  const by = await standing(context.db);
  const facts = await cleared(context, handed.takes, answered.purpose);
  const answers = answersTo(facts, answered, context.who);
  return withDraft(handed.to, async (draft) => {
    await makeFolder(draft);
    const declaration = declarationSchema.parse({
      ...{ version: 1, takes: await handed.fill(draft), answers, note: answered.note ?? null, notice },
      decided: facts.permitted.map(({ refused: _, reasons: __, ...decided }) => decided),
      ...{ deliveredBy: context.who, deliveredAt: new Date().toISOString() },
    });
    await declare(draft, declaration);
    return await record(context, handed, declaration, { by, purpose: answered.purpose, draft });
  });
}

/** What is known of takes that may leave for the purpose. */
async function cleared(
  context: Context,
  takes: readonly string[],
  purpose: Answered['purpose'],
): Promise<Facts> {
  await refuseCarried(context, takes);
  const facts = await factsOf(context, takes, purpose);
  mustBeCleared(facts, purpose);
  return facts;
}

/** What a withdrawal has reached leaves in no take that was drawn from it, also where that was found only now. */
async function refuseCarried(context: Context, takes: readonly string[]): Promise<void> {
  await compareGiven(context);
  const files = (await listTakes(context.db, takes)).flatMap(filesOf);
  const behind = await takesBehind(context.db, files);
  await refuseTakes(
    context.db,
    behind.map(({ id }) => id),
  );
}

const reasonsNamed = 3;

/** What takes are for, and what they were given, are uses of their own: the ledger decides them like any other. */
function mustBeCleared({ permitted }: Facts, purpose: string): void {
  const [first] = permitted.filter(({ refused }) => refused > 0);
  if (!first) return;
  const { use, which, shots, refused, reasons } = first;
  throw new BacklotError('purpose-not-cleared', {
    expected: `${use} to be allowed for all ${which}`,
    where: `--purpose ${purpose}`,
    found: `${refused} of ${shots} that are not: ${reasons.slice(0, reasonsNamed).join('; ')}`,
    remedy: `Ask who owns them, or hand the takes over for less; \`backlot rights check --use ${use}\` counts the reasons.`,
  });
}

async function declare(draft: string, declaration: Declaration): Promise<void> {
  await writeFile(join(draft, readable), `${JSON.stringify(declaration, null, 2)}\n`);
  await writeFile(join(draft, sealed), await signed(sealType, declaration));
  await writeKey(draft);
}

/** The row, its line in the audit log and the folder's name: all or none. */
async function record(
  context: Context,
  { takes, to: path, note }: Handed,
  declaration: Declaration,
  { by, purpose, draft }: { by: Standing; purpose: Answered['purpose']; draft: string },
): Promise<DeliveryRow> {
  const { db, who } = context;
  const digest = digestOf(declaration);
  const row = { id: idOf('dlv', digest.slice(0, 12)), path, declaration, digest };
  const again = async () => {
    await refuseTakes(db, takes);
    await cleared(context, takes, purpose);
  };
  await recordStanding(db, by, again, async (tx) => {
    await tx.insert(tables.provenanceDeliveries).values(row);
    await note?.(tx);
    const details = { digest, takes: [...takes], path };
    await appendAudit(tx, { who, what: 'provenance.deliver', subject: row.id, details });
    await rename(draft, path);
  });
  return row;
}
