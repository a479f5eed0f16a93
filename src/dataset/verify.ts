import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClipLine, messageOf } from '../contract/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { readSeal } from '../trust/index.ts';
import { manifestOf, parseManifest, sha256 } from './canonical.ts';
import { manifestText } from './manifest-file.ts';
import { tableDifference, tableName } from './manifest-table.ts';
import { clipOriginSchema, type Snapshot, type VerifyReport } from './schema.ts';
import { foreignSeal } from './seal.ts';
import { recordProblems, unsealedWords } from './verify-record.ts';
import { bytesOf, type OpenAt, openCuts } from './write-snapshot.ts';

/** Whom the hashing of many clips tells of itself, and who may stop it. */
type Told = Partial<Pick<Context, 'signal' | 'report'>>;
type Check = (name: string, look: () => Promise<string[]>) => Promise<void>;

/** Hashes a snapshot's manifest, records and every clip again, compares its table with its lines, and says what is not as it was frozen. Changes nothing. */
export async function verifySnapshot(snapshot: Snapshot, told: Told = {}): Promise<VerifyReport> {
  const problems: string[] = [];
  const check: Check = async (name, look) => {
    const found = await look().catch((error) => [messageOf(error)]);
    problems.push(...found.map((problem) => `${name}: ${problem}`));
  };
  let lines: ClipLine[] = [];
  await check('manifest.jsonl', async () => {
    const text = await manifestText(snapshot.path);
    lines = parseManifest(text);
    return manifestProblems(text, lines, snapshot);
  });
  await check(tableName, () => tableProblems(snapshot.path, lines));
  const seal = await readSeal(snapshot).catch((error) => error as Error);
  const sealed = seal instanceof Error ? null : seal.seal;
  await check('snapshot.json', () => recordProblems(snapshot, sealed));
  for (const [name, hash] of Object.entries(snapshot.files)) {
    await check(name, async () => differs(await fileHash(join(snapshot.path, name)), hash));
  }
  await check('seal.json', async () => {
    if (seal instanceof Error) return [messageOf(seal)];
    const foreign = foreignSeal(snapshot, seal.seal);
    return foreign ? [`made for ${foreign.found}, where the snapshot is for ${foreign.expected}`] : [];
  });
  await check('clips.jsonl', () => originProblems(snapshot.path, lines));
  await eachClip(snapshot.path, lines, told, check);
  await check('shards', () => strayProblems(snapshot.path, lines));
  return {
    id: snapshot.id,
    digest: snapshot.digest,
    whole: problems.length === 0,
    clips: lines.length,
    problems,
    notices: unsealedWords(sealed),
  };
}

const reportedEvery = 100;

async function eachClip(
  path: string,
  lines: readonly ClipLine[],
  { signal, report }: Told,
  check: Check,
): Promise<void> {
  await using shards = openCuts();
  for (const [done, line] of lines.entries()) {
    signal?.throwIfAborted();
    if (done % reportedEvery === 0) report?.({ phase: 'verify', done, total: lines.length, unit: 'clips' });
    await check(line.id, () => clipProblems(path, line, shards.at));
  }
}

const differs = (found: string, expected: string): string[] =>
  found === expected ? [] : [`expected sha256 ${expected}, found ${found}`];

function manifestProblems(text: string, lines: readonly ClipLine[], snapshot: Snapshot): string[] {
  const { train, heldout } = snapshot.clips;
  const held = new Set(lines.filter((line) => line.split === 'heldout').map((line) => line.scene));
  const shared = lines.filter((line) => line.split === 'train' && held.has(line.scene));
  return [
    ...differs(sha256(text), snapshot.digest),
    ...(manifestOf(lines) === text ? [] : ['not in canonical form']),
    ...(lines.length === train + heldout ? [] : [`${lines.length} clips, recorded ${train + heldout}`]),
    ...(shared.length > 0 ? [`${shared.length} training clips share a scene with held-out ones`] : []),
  ];
}

/** The table is made from the lines and may be missing, as in snapshots of older versions; wrong it may not be. */
async function tableProblems(path: string, lines: readonly ClipLine[]): Promise<string[]> {
  if (!(await readdir(path)).includes(tableName)) return [];
  const difference = await tableDifference(path, lines, await readOrigins(path));
  return difference === null ? [] : [`it says other than manifest.jsonl and clips.jsonl: ${difference}`];
}

async function originProblems(path: string, lines: readonly ClipLine[]): Promise<string[]> {
  const origins = await readOrigins(path);
  const same = origins.length === lines.length && origins.every((origin, i) => origin.id === lines[i]?.id);
  return same ? [] : ['names other clips than the manifest'];
}

async function clipProblems(path: string, line: ClipLine, openAt: OpenAt): Promise<string[]> {
  const file = await openAt(join(path, line.shard));
  const bytes = await bytesOf(file, line);
  return differs(sha256(bytes), line.id);
}

/** Shards hold the manifest's clips and nothing else. */
async function strayProblems(path: string, lines: readonly ClipLine[]): Promise<string[]> {
  const shards = (await readdir(path)).filter((name) => name.endsWith('.u8'));
  const sizes = await Promise.all(shards.map(async (name) => (await stat(join(path, name))).size));
  const held = sizes.reduce((sum, size) => sum + size, 0);
  const named = lines.reduce((sum, line) => sum + line.bytes, 0);
  return held === named ? [] : [`hold ${held} bytes, the manifest names ${named}`];
}

/** Where the clips of a snapshot come from, by clip id in ascending order. @param path the snapshot's folder */
export const readOrigins = async (path: string) =>
  originsIn(await readFile(join(path, 'clips.jsonl'), 'utf8'));

/** The same of the file's text. */
export function originsIn(text: string) {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => clipOriginSchema.parse(JSON.parse(line)));
}
