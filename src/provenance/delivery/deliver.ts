import { randomUUID } from 'node:crypto';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { z } from 'zod';
import { BacklotError, idOf, messageOf } from '../../contract/index.ts';
import { tables } from '../../db/index.ts';
import { appendAudit, type Context, fileHash, makeFolder, mustBeEmpty } from '../../jobs/index.ts';
import { readSigned, signed } from '../../trust/index.ts';
import {
  type Declaration,
  type DeliverInput,
  type DeliveryRow,
  declarationSchema,
  deliveryRowSchema,
  type verifyDeliveryOutputSchema,
} from '../delivery-schema.ts';
import { canonicalJson, digestOf } from '../digest.ts';
import type { ProvenanceRecord } from '../schema.ts';
import { signTakes } from '../sign.ts';
import { answersTo } from './answers.ts';
import { type Facts, factsOf } from './facts.ts';

const sealType = 'application/vnd.backlot.declaration+json';
const readable = 'declaration.json';
const sealed = 'declaration.dsse.json';
const notice =
  'What is proved rests on what this workspace has recorded; what was said is on the word of the person named. This is not legal advice.';

/**
 * Hands takes over: signs them, copies them into a folder with the five answers about them, and keeps the declaration.
 * @throws BacklotError `folder-not-empty`, `folder-unwritable`, `answers-missing`, `answer-contradicted`, `purpose-not-cleared`, `blocked`,
 *   what signing throws; nothing is handed over then
 */
export async function deliver(context: Context, input: DeliverInput): Promise<DeliveryRow> {
  await mustBeEmpty(input.to);
  const takes = [...new Set(input.takes)];
  const facts = await factsOf(context, takes, input.purpose);
  mustBeCleared(facts, input.purpose);
  const answers = answersTo(facts, input, context.who);
  const records = await signTakes(context, takes);
  const declaration = declarationSchema.parse({
    ...{ version: 1, takes: records.map(takeOf), answers, note: input.note ?? null, notice },
    decided: facts.permitted.map(({ refused: _, reasons: __, ...decided }) => decided),
    ...{ deliveredBy: context.who, deliveredAt: new Date().toISOString() },
  });
  return placed(context, input.to, records, declaration);
}

/** Whole or not at all: under a name of its own until it is recorded. */
async function placed(
  context: Context,
  to: string,
  records: readonly ProvenanceRecord[],
  declaration: Declaration,
): Promise<DeliveryRow> {
  const draft = await makeFolder(`${resolve(to)}.${randomUUID()}.partial`);
  try {
    await fill(draft, records, declaration);
    const row = await record(context, to, declaration);
    await rename(draft, to);
    return row;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const takeOf = ({ takeId, signedPath, signedSha256, recordDigest }: ProvenanceRecord) => ({
  ...{ id: takeId, file: basename(signedPath), sha256: signedSha256, lineage: recordDigest },
});

const reasonsNamed = 3;

/** What takes are for, and what they were given, are uses of their own: the ledger decides them like any other. */
function mustBeCleared({ permitted }: Facts, purpose: string): void {
  const [first] = permitted.filter(({ refused }) => refused > 0);
  if (!first) return;
  const { use, which, shots, refused, reasons } = first;
  throw new BacklotError('purpose-not-cleared', {
    expected: `${use} to be allowed for all ${which}`,
    where: `provenance deliver --purpose ${purpose}`,
    found: `${refused} of ${shots} that are not: ${reasons.slice(0, reasonsNamed).join('; ')}`,
    remedy: `Ask who owns them, or hand the takes over for less; \`backlot rights check --use ${use}\` counts the reasons.`,
  });
}

async function fill(draft: string, records: readonly ProvenanceRecord[], declaration: Declaration) {
  for (const { signedPath } of records) await copyFile(signedPath, join(draft, basename(signedPath)));
  await writeFile(join(draft, readable), `${JSON.stringify(declaration, null, 2)}\n`);
  await writeFile(join(draft, sealed), await signed(sealType, declaration));
}

async function record({ db, who }: Context, path: string, declaration: Declaration): Promise<DeliveryRow> {
  const digest = digestOf(declaration);
  const row = { id: idOf('dlv', digest.slice(0, 12)), path, declaration, digest };
  const takes = declaration.takes.map(({ id }) => id);
  await db.transaction(async (tx) => {
    await tx.insert(tables.provenanceDeliveries).values(row);
    const details = { digest, takes, path };
    await appendAudit(tx, { who, what: 'provenance.deliver', subject: row.id, details });
  });
  return row;
}

/** All deliveries, the newest first. */
export async function listDeliveries({ db }: Pick<Context, 'db'>): Promise<DeliveryRow[]> {
  const rows = await db.select().from(tables.provenanceDeliveries);
  return rows
    .map(({ deliveredAt: _, ...row }) => deliveryRowSchema.parse(row))
    .sort((a, b) => (a.declaration.deliveredAt < b.declaration.deliveredAt ? 1 : -1));
}

/**
 * Checks a delivery by its folder alone: the declaration's signature, and every file against it.
 * @throws BacklotError `delivery-unreadable`, `signature-invalid`
 */
export async function verifyDelivery(folder: string): Promise<z.infer<typeof verifyDeliveryOutputSchema>> {
  const path = join(folder, sealed);
  const declaration = declarationSchema.parse(await readSigned(await read(path), sealType, path));
  const said = declarationSchema.safeParse(JSON.parse(await read(join(folder, readable)))).data;
  const same = said !== undefined && canonicalJson(said) === canonicalJson(declaration);
  const problems = same ? [] : [`${readable} is not what was signed`];
  for (const { file, sha256 } of declaration.takes) {
    const found = await fileHash(join(folder, file)).catch(() => null);
    if (found !== sha256)
      problems.push(`${file} is ${found === null ? 'missing' : 'not the file that was handed over'}`);
  }
  return { folder, whole: problems.length === 0, declaration, problems };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new BacklotError(
      'delivery-unreadable',
      {
        expected: 'a folder that `backlot provenance deliver` wrote',
        where: path,
        found: messageOf(error),
        remedy: 'Name the folder with declaration.json in it.',
      },
      error,
    );
  }
}
