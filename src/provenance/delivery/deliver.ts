import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { BacklotError, messageOf } from '../../contract/index.ts';
import { tables } from '../../db/index.ts';
import { type Context, fileHash, jsonAs } from '../../jobs/index.ts';
import { keyIdAt, readSignedBy } from '../../trust/index.ts';
import { withdrawnOf } from '../blocks.ts';
import {
  type Declaration,
  type DeliverInput,
  type DeliveryRow,
  declarationSchema,
  deliveryRowSchema,
  type ListedDelivery,
  type VerifiedDelivery,
} from '../delivery-schema.ts';
import { canonicalJson } from '../digest.ts';
import { keyName } from '../public-key.ts';
import type { ProvenanceRecord } from '../schema.ts';
import { signTakes } from '../sign.ts';
import { handOver, readable, sealed, sealType } from './hand-over.ts';

/** Hands takes over: signs them and copies them into a folder. @throws BacklotError as `handOver`, `blocked`, what signing throws */
export function deliver(context: Context, { to, ...input }: DeliverInput): Promise<DeliveryRow> {
  const takes = [...new Set(input.takes)];
  const fill = async (draft: string) => {
    const records = await signTakes(context, takes);
    for (const { signedPath } of records) await copyFile(signedPath, join(draft, basename(signedPath)));
    return records.map(takeOf);
  };
  return handOver(context, input, { takes, to, fill });
}

const takeOf = ({ takeId, signedPath, signedSha256, recordDigest }: ProvenanceRecord) => ({
  ...{ id: takeId, file: basename(signedPath), sha256: signedSha256, lineage: recordDigest },
});

/** All deliveries, the newest first. */
export async function listDeliveries({ db }: Pick<Context, 'db'>): Promise<ListedDelivery[]> {
  const rows = await db.select().from(tables.provenanceDeliveries);
  const deliveries = rows
    .map(({ deliveredAt: _, ...row }) => deliveryRowSchema.parse(row))
    .sort((a, b) => (a.declaration.deliveredAt < b.declaration.deliveredAt ? 1 : -1));
  const reached = await withdrawnOf(db, 'take', [...new Set(deliveries.flatMap(takesIn))]);
  return deliveries.map((row) => {
    const own = takesIn(row);
    return { ...row, withdrawn: reached.filter(({ id }) => own.includes(id)) };
  });
}

const takesIn = ({ declaration }: Pick<DeliveryRow, 'declaration'>): string[] => [
  ...new Set(declaration.takes.map(({ id }) => id)),
];

/** A delivery's folder, and where there is a workspace what has been withdrawn of its takes since. @throws BacklotError as `verifyDelivery` */
export async function verifyHere(context: Context, folder: string, key?: string): Promise<VerifiedDelivery> {
  const verified = await verifyDelivery(folder, key);
  if (!('db' in context)) return verified;
  return { ...verified, withdrawn: await withdrawnOf(context.db, 'take', takesIn(verified)) };
}

/**
 * Checks a delivery by its folder alone: the declaration's signature, every file against it, and that no other lies there.
 * @param keyPath the one public key that is believed; without it: those that are believed here
 * @throws BacklotError `delivery-unreadable`, `signature-invalid`, `key-unreadable`
 */
export async function verifyDelivery(folder: string, keyPath?: string): Promise<VerifiedDelivery> {
  const path = join(folder, sealed);
  const { statement, key, retiredAt } = await readSignedBy(keyPath, await read(path), sealType, path);
  const declaration = declarationSchema.parse(statement);
  const said = jsonAs(await read(join(folder, readable)), declarationSchema);
  const same = said !== null && canonicalJson(said) === canonicalJson(declaration);
  const problems = [
    ...(same ? [] : [`${readable} is not what was signed`]),
    ...(await changedIn(folder, declaration)),
    ...(await addedIn(folder, declaration)),
    ...(await otherKeyIn(folder, key)),
  ];
  const signedBy = { key, retiredAt, named: keyPath !== undefined };
  return { folder, whole: problems.length === 0, signedBy, declaration, problems, withdrawn: null };
}

async function changedIn(folder: string, { takes }: Declaration): Promise<string[]> {
  const problems: string[] = [];
  for (const [file, sha256] of new Map(takes.map((one) => [one.file, one.sha256]))) {
    const found = await fileHash(join(folder, file)).catch(() => null);
    if (found !== sha256)
      problems.push(`${file} is ${found === null ? 'missing' : 'not the file that was handed over'}`);
  }
  return problems;
}

/** Of what lies there and is not named the answers say nothing. */
async function addedIn(folder: string, { takes }: Declaration): Promise<string[]> {
  const own = new Set([readable, sealed, keyName, ...takes.map(({ file }) => file)]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .filter((name) => !own.has(name))
    .sort()
    .map((name) => `${name} was not handed over: the declaration does not name it`);
}

/** By the key that lies there who gets the folder may check it; those of before there was one have none. */
async function otherKeyIn(folder: string, key: string): Promise<string[]> {
  const path = join(folder, keyName);
  if (!existsSync(path)) return [];
  const found = await keyIdAt(path).catch(() => null);
  return found === key
    ? []
    : [`${keyName} is ${found === null ? 'no key' : `key ${found}`}, and key ${key} signed`];
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
