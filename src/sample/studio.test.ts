import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { probe } from '../media/index.ts';
import { sampleBriefs } from './briefs.ts';
import { castOf } from './cast.ts';
import { type LedgerFilm, ledgerOf } from './ledger.ts';
import { productionsOf } from './productions.ts';
import { rightsCases } from './schema.ts';
import { renderStudio, type Studio } from './studio.ts';
import { TITLES } from './titles.ts';
import { readTruth } from './truth.ts';

let studio: Studio;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sample studio '));
  studio = await renderStudio({ dir, seed: 2, size: 'tiny' });
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a film has the frames, rate, size and start timecode that its truth states', async () => {
  for (const title of studio.titles) {
    const truth = await readTruth(title.truth);
    const facts = await probe(title.file);
    expect(JSON.stringify(facts)).toContain(truth.startTimecode);
    expect(facts.video).toMatchObject({ width: truth.width, height: truth.height });
    expect(truth.frames).toBe(title.frames);
  }
});

test('a second call keeps the films that are ready', async () => {
  const before = studio.titles.map((t) => statSync(t.file).mtimeMs);
  const again = await renderStudio({ dir, seed: 2, size: 'tiny' });
  expect(again).toEqual(studio);
  expect(again.titles.map((t) => statSync(t.file).mtimeMs)).toEqual(before);
});

test('the ledger names the rendered files and says yes to one title and nothing of the other', () => {
  const ledger = parse(readFileSync(studio.ledgerPath, 'utf8')) as {
    titles: { files: string[] }[];
    grants: { titles: string[] }[];
  };
  expect(ledger.titles.map((t) => t.files)).toEqual([['moppet-tide.mp4'], ['night-mail.mp4']]);
  expect(ledger.grants.map((g) => g.titles)).toEqual([['moppet-tide']]);
});

test('the demo has every case that lawyers meet, and a guest who said no', () => {
  const productions = productionsOf({ dir: '.', seed: 1, size: 'demo' });
  expect(new Set(productions.map((p) => p.rights))).toEqual(new Set(rightsCases));
  const films = productions.map(({ title, rights }): LedgerFilm => {
    const cast = castOf(title, TITLES);
    return {
      id: title.slug,
      name: title.name,
      file: `${title.slug}.mp4`,
      rights,
      cast,
      seen: new Map(cast.map((p) => [p.id, [{ in: 0, out: 9 }]])),
    };
  });
  const ledger = parse(ledgerOf(films)) as {
    titles: { id: string }[];
    consents: { answer: string; party: string }[];
  };
  const unknown = productions.find((p) => p.rights === 'unknown')?.title.slug;
  expect(ledger.titles.map((t) => t.id)).not.toContain(unknown);
  const guests = castOf(TITLES[0] as (typeof TITLES)[number], TITLES).filter((p) => p.guest);
  expect(ledger.consents.filter((c) => c.answer === 'refused').map((c) => c.party)).toEqual(
    guests.map((p) => p.id),
  );
});

test('no two characters of the studio share a performer', () => {
  const ids = TITLES.flatMap((title) => castOf(title, TITLES).map((p) => p.id));
  expect(new Set(ids).size).toBe(ids.length);
});

test('briefs ask cleared titles alone, half of them for what no shot shows, no two for the same', () => {
  const briefs = sampleBriefs({ studio, count: 16, seed: 1 });
  expect(briefs.filter((b) => b.id.includes('-new-')).length).toBe(8);
  expect(new Set(briefs.map((b) => b.id)).size).toBe(16);
  for (const seed of [1, 2, 3, 4]) {
    const many = sampleBriefs({ studio, count: 40, seed });
    expect(new Set(many.map(({ text }) => text)).size).toBe(40);
  }
  for (const brief of briefs) expect(brief.id.startsWith('moppet-tide-')).toBe(true);
  for (const { text, expect: wanted } of briefs)
    expect(text).toContain(`${wanted.characters[0]} ${wanted.action} in ${wanted.set}`);
});
