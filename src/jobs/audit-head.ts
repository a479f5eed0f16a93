import { mkdir, readdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { asc, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { historyKeys, keysFolder, readSigned, signed, signersOf } from '../trust/index.ts';
import type { Context } from './context.ts';
import { sha256OfText } from './hash.ts';

const { provenanceAudit: audit } = tables;

const headType = 'application/vnd.backlot.audit-head+json';
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How far the audit log of a folder had come: a chain alone does not show that rows were cut off its end. */
const headSchema = z.strictObject({
  version: z.literal(1),
  root: z.string().describe('folder of the workspace'),
  first: sha256.describe('hash of its first row: tells one log from another'),
  rows: z.int().min(1),
  head: sha256.describe('hash of the newest row'),
  at: z.iso.datetime(),
  acknowledged: z
    .array(z.strictObject({ first: sha256, row: z.int().min(1) }))
    .default([])
    .describe(
      'logs that lay in the folder before, by their first row, with the row of this one by which a person said so',
    ),
});

/** A head with the file that it was read from. */
export type AuditHead = z.infer<typeof headSchema> & { file: string };

/** Beside the keys: who may write a workspace may not write there. */
const headsFolder = (): string => join(keysFolder(), 'audit-heads');

/** The folder of a workspace by its one true name. */
export const trueRoot = (root: string): Promise<string> => realpath(root).catch(() => resolve(root));

const marksOf = ({ first, root }: { first: string; root: string }) => ({
  log: first.slice(0, 16),
  folder: `${sha256OfText(root).slice(0, 16)}.json`,
});

/** The heads that are kept of a log, or of any log in its folder. @throws BacklotError `signature-invalid` */
export function auditHeads(of: { first: string; root: string }): Promise<AuditHead[]> {
  const { log, folder } = marksOf(of);
  return headsNamed((name) => name.startsWith(log) || name.endsWith(folder));
}

/** The heads that this very log is measured by, as `headsOfLog`; those of others are not read. @throws BacklotError `signature-invalid` */
export async function headsOfThis(of: { first: string; root: string }): Promise<AuditHead[]> {
  const { log } = marksOf(of);
  return headsOfLog(await headsNamed((name) => name.startsWith(log)), of.root, of.first);
}

async function headsNamed(which: (name: string) => boolean): Promise<AuditHead[]> {
  const names = (await readdir(headsFolder()).catch(() => [])).filter((name) => name.endsWith('.json'));
  const heads: AuditHead[] = [];
  for (const name of names.filter(which).sort()) {
    const file = join(headsFolder(), name);
    heads.push({ ...(await headAt(file)), file });
  }
  return heads;
}

async function headAt(file: string): Promise<Omit<AuditHead, 'file'>> {
  const text = await readFile(file, 'utf8');
  try {
    return headSchema.parse(await readSigned(text, headType, file));
  } catch (error) {
    if (!(error instanceof BacklotError)) throw error;
    const [key] = await strangersIn(text);
    if (key === undefined) throw error;
    const way = `Where that cannot be, \`backlot provenance retire-key ${key} --stolen\` sets the file aside; rows that were cut off the log until then are not seen any more.`;
    throw new BacklotError(error.code, { ...error.facts, remedy: `${error.facts.remedy} ${way}` }, error);
  }
}

/** The keys that a head says it is signed by, where nothing here knows them. */
async function strangersIn(text: string): Promise<string[]> {
  const known = await historyKeys();
  return signersIn(text).filter((id) => !known.has(id));
}

function signersIn(text: string): string[] {
  try {
    return signersOf(JSON.parse(text));
  } catch {
    return [];
  }
}

/** What became of the heads that a key had signed: their files, signed `anew` with the key that signs now, or set `aside`. */
export interface Renewed {
  anew: string[];
  aside: string[];
}

/**
 * For a key that nothing is believed of any more: the heads that it signed, of all workspaces, are signed anew. Those that cannot be read, as the
 * key is not here, are set aside under another name, where nobody looks: a head that nobody has checked is not signed.
 * @throws BacklotError `signature-invalid`, `key-exposed`
 */
export async function renewHeads(key: string): Promise<Renewed> {
  const renewed: Renewed = { anew: [], aside: [] };
  const names = (await readdir(headsFolder()).catch(() => [])).filter((name) => name.endsWith('.json'));
  for (const file of names.sort().map((name) => join(headsFolder(), name))) {
    const text = await readFile(file, 'utf8');
    if (!signersIn(text).includes(key)) continue;
    if ((await strangersIn(text)).includes(key)) {
      await rename(file, `${file}.${key}.aside`);
      renewed.aside.push(`${file}.${key}.aside`);
    } else {
      await write(await headAt(file), file);
      renewed.anew.push(file);
    }
  }
  return renewed;
}

/**
 * Of heads, those of this very log that it is measured by: kept for its folder; where there is none, as after a move, those of other folders.
 * @param first hash of the log's first row
 */
export function headsOfLog(heads: readonly AuditHead[], root: string, first: string): AuditHead[] {
  const same = heads.filter((head) => head.first === first);
  const own = same.filter((head) => head.root === root);
  return own.length > 0 ? own : same;
}

/** A head of another log that lay in the folder, with the row of this one that acknowledges it; null: nobody did. */
export type OtherHead = AuditHead & { by: number | null };

/**
 * Of heads, those of other logs that lay in the folder. A person acknowledges them who put a new workspace there; nobody else can tell that
 * from a log written anew.
 */
export function headsOfOthers(heads: readonly AuditHead[], root: string, first: string): OtherHead[] {
  const said = headsOfLog(heads, root, first).flatMap(({ acknowledged }) => acknowledged);
  const rows = new Map(said.map((one) => [one.first, one.row]));
  const others = heads.filter((head) => head.root === root && head.first !== first);
  return others.map((head) => ({ ...head, by: rows.get(head.first) ?? null }));
}

/** What is wrong with a log that lies where another one lay, and what to do. */
export const replacedWords = ({ rows, at, root }: Pick<AuditHead, 'rows' | 'at' | 'root'>): string =>
  `Another audit log lay here: ${rows} rows were kept at ${at} of a log in ${root} that began with another row. This one was written anew, or emptied, or ` +
  'it is that of a new workspace in the place of an old one. If you have made a new workspace there yourself, say so: `backlot audit acknowledge --reason "..."`. ' +
  'If nobody has, keep both the folder and what was exported of the log, which `backlot audit verify FILE --log` compares';

type Kept = Pick<Context, 'db' | 'paths'>;

/** Keeps the heads of one workspace in turn, so that none is written over by an older one; a log that has not grown is not looked into. */
export function auditHeadKeeper(of: Kept): () => Promise<void> {
  let known: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return () => {
    const now = turn.then(async () => {
      const newest = await newestHash(of.db);
      if (newest === known) return;
      await keepAuditHead(of);
      known = newest;
    });
    turn = now.catch(() => {});
    return now;
  };
}

async function newestHash(db: Context['db']): Promise<string | undefined> {
  const [last] = await db.select({ hash: audit.hash }).from(audit).orderBy(desc(audit.seq)).limit(1);
  return last?.hash;
}

/**
 * Signs how far the log has come, in a file outside the workspace. A head that the log does not reach any more stays as it is: it is what
 * shows that rows are gone. Where another log lay in the folder none is kept.
 * @param acknowledging other logs that a row of this one, which is written, acknowledges
 * @throws BacklotError `audit-replaced`, `signature-invalid`, `key-exposed`; what the file system throws
 */
export async function keepAuditHead(
  { db, paths }: Kept,
  acknowledging: AuditHead['acknowledged'] = [],
): Promise<void> {
  const [last] = await db.select().from(audit).orderBy(desc(audit.seq)).limit(1);
  const [first] = await db.select().from(audit).orderBy(asc(audit.seq)).limit(1);
  if (!last || !first) return;
  const root = await trueRoot(paths.root);
  const heads = await auditHeads({ first: first.hash, root });
  const said = new Set(acknowledging.map((one) => one.first));
  const other = headsOfOthers(heads, root, first.hash).find((one) => one.by === null && !said.has(one.first));
  if (other) throw replaced(other);
  const before = headsOfLog(heads, root, first.hash);
  if (before.some((head) => head.root === root && head.head === last.hash)) return;
  for (const head of before) if (!(await holds(db, head))) return;
  const at = new Date().toISOString();
  const earlier = before.flatMap(({ acknowledged }) => acknowledged);
  const facts = { version: 1, root, first: first.hash, rows: last.seq, head: last.hash, at } as const;
  const all = [...earlier, ...acknowledging];
  // Earlier versions know heads without it alone.
  await write(all.length === 0 ? facts : { ...facts, acknowledged: all });
}

const replaced = (other: AuditHead): BacklotError =>
  new BacklotError('audit-replaced', {
    expected: 'the log that was kept of this workspace',
    where: 'audit log',
    found: replacedWords(other),
    remedy: 'Until then the log counts as broken and is not exported.',
  });

async function holds(db: Context['db'], { rows, head }: AuditHead): Promise<boolean> {
  const [row] = await db.select({ hash: audit.hash }).from(audit).where(eq(audit.seq, rows));
  return row?.hash === head;
}

async function write(head: z.input<typeof headSchema>, path = pathOf(head)): Promise<void> {
  await mkdir(headsFolder(), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.${process.pid}.tmp`, await signed(headType, head), { mode: 0o600 });
  await rename(`${path}.${process.pid}.tmp`, path);
}

function pathOf(head: { first: string; root: string }): string {
  const { log, folder } = marksOf(head);
  return join(headsFolder(), `${log}-${folder}`);
}
