/**
 * Writes the words of the base's captions that stand in rows of its word table which it knows (`known_rows`): the base keeps rows, in which
 * a studio's names may stand too. How `words.json` was made, from the root: `node assets/base-card/words.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { SHIPPED_BASE } from '../../src/jobs/base.ts';
import { folderHash } from '../../src/jobs/hash.ts';
import { captionWords } from '../../src/sample/caption-words.ts';

const config = JSON.parse(readFileSync(`${SHIPPED_BASE}/transformer/config.json`, 'utf8'));
const known = new Set<number>(config.known_rows);
/** As `row_of` in the engine's `models/words.py`. */
const rowOf = (word: string): number => (crc32(word) % (config.words - 1)) + 1;
const words = captionWords().filter((word) => known.has(rowOf(word)));
const text = JSON.stringify({ base: await folderHash(SHIPPED_BASE), words }, null, 1);
writeFileSync(fileURLToPath(new URL('words.json', import.meta.url)), `${text}\n`);
