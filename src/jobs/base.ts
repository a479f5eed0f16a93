import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BacklotError, type JobInput } from '../contract/index.ts';
import { folderHash } from './hash.ts';
import { jsonIn } from './json.ts';

const indexSchema = z.object({ _class_name: z.string().optional() });

/** The base that ships with Backlot. */
export const SHIPPED_BASE = fileURLToPath(new URL('../../assets/base', import.meta.url));

/** A base that came with an earlier Backlot: which version, and the commit of the repository that holds it. */
export interface EarlierBase {
  version: number;
  commit: string;
}

/** By the sha256 of their folder. What they learned from is known as that of today's is (ADR 0136). */
export const EARLIER_BASES: ReadonlyMap<string, EarlierBase> = new Map([
  ['cad251d7bedfd69d18b379f0aa5a9a6415a660afcc537d50d66e4199ff6650a4', { version: 1, commit: '3df4b77' }],
  ['707b5ac714cbe318b5e2ebbdea3857a3279ab133a29e29db95642a610802292f', { version: 2, commit: 'b8dd56f' }],
  ['66a6da715d8f1f63b1b94634c0350a1feac70135fdfb32ef9fd726f3e105cf71', { version: 3, commit: '423d403' }],
]);

/** Clips of the shipped base's own worlds, as latents of its codec (`assets/base-card/worlds.py`). */
const SHIPPED_WORLDS = fileURLToPath(new URL('../../assets/base-worlds', import.meta.url));

/** The words of the shipped base's captions that stand in rows which it knows (`assets/base-card/words.ts`). */
const SHIPPED_WORDS = fileURLToPath(new URL('../../assets/base-card/words.json', import.meta.url));

/** How many clips the worlds of earlier bases hold, by the sha256 of their folder. */
const EARLIER_WORLDS: ReadonlyMap<string, number> = new Map([
  ['0cf1b7666f70b8ba1aba9afdb3262fd2e1b941bbcb2ecd939670b2e05a215b3e', 128],
]);

/** The upscaler that ships with Backlot. */
export const SHIPPED_UPSCALER = fileURLToPath(new URL('../../assets/upscaler/weights', import.meta.url));

/** A model folder as an engine input. @throws BacklotError `no-base` where the folder holds no model */
export async function baseInput(path: string = SHIPPED_BASE): Promise<JobInput> {
  if (existsSync(join(path, 'model_index.json'))) return { path, sha256: await folderHash(path) };
  throw new BacklotError('no-base', {
    expected: 'a model folder with a model_index.json',
    where: path,
    found: existsSync(path) ? 'a folder without one' : 'nothing',
    remedy:
      'Name the folder of a base with --base, or leave the option out to use the shipped base. Backlot downloads ' +
      'no bases: fetch an open one first, such as with `hf download ORGANISATION/NAME --local-dir FOLDER`.',
  });
}

/** Whether a base comes from outside (Wan): the engine opens it through its own libraries. */
export async function isOpenBase({ path }: Pick<JobInput, 'path'>): Promise<boolean> {
  const file = join(path, 'model_index.json');
  if (!existsSync(file)) return false;
  return (await jsonIn(file, indexSchema))?._class_name !== 'BacklotPipeline';
}

/** Clips of a base's own worlds as an engine input; null where none came with it. */
export async function worldsOf({ sha256 }: Pick<JobInput, 'sha256'>): Promise<JobInput | null> {
  const config = await worldsConfig();
  if (config.base !== sha256) return null;
  return { path: SHIPPED_WORLDS, sha256: await folderHash(SHIPPED_WORLDS) };
}

/** The words that a base knows: it keeps rows, in which other words may stand too. Null where no list came with it. */
export async function knownWordsOf({ sha256 }: Pick<JobInput, 'sha256'>): Promise<string[] | null> {
  const { base, words } = JSON.parse(await readFile(SHIPPED_WORDS, 'utf8'));
  return base === sha256 ? words : null;
}

/** How many clips worlds hold; null where they came with neither this Backlot nor an earlier one. */
export async function clipsOfWorlds(sha256: string): Promise<number | null> {
  if (sha256 === (await folderHash(SHIPPED_WORLDS))) return (await worldsConfig()).captions.length;
  return EARLIER_WORLDS.get(sha256) ?? null;
}

const worldsConfig = async (): Promise<{ base?: string; captions: string[] }> =>
  JSON.parse(await readFile(join(SHIPPED_WORLDS, 'config.json'), 'utf8'));
