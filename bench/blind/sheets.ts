// node bench/blind/sheets.ts --out DIR [--takes 100] [--seed 1] RUNS...
// Numbered contact sheets of takes, half of them called right by the checker, without saying which; the key lies beside them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CheckLine, checkLineSchema, type Job, type TakeLine } from '../../src/contract/index.ts';
import type { Expect } from '../../src/generate/index.ts';
import { type CheckerCard, usable } from '../../src/review/index.ts';
import { renderClip } from '../../src/sample/clips.ts';
import { rngOf, shuffled } from '../../src/sample/random.ts';
import { TITLES, titleShot } from '../../src/sample/titles.ts';
import { drawSheet, takeLines, textsIn } from '../sheet.ts';
import { theChecker } from '../takes.ts';

const ROWS = 10;

/** A take with what was asked, where its pixels lie, and the checker's reasons against it. */
interface Judged {
  take: string;
  text: string;
  pixels: string;
  reasons: string[];
}

async function draw(out: string, folders: readonly string[], count: number, seed: number): Promise<void> {
  const { card, sha256 } = await theChecker();
  mkdirSync(out, { recursive: true });
  const judged = folders.flatMap((folder) => judgedIn(folder, card));
  const rng = rngOf('blind', seed);
  const some = (right: boolean) =>
    shuffled(
      rng,
      judged.filter(({ reasons }) => (reasons.length === 0) === right),
    ).slice(0, count / 2);
  const chosen = shuffled(rng, [...some(true), ...some(false)]);
  for (let first = 0; first < chosen.length; first += ROWS) drawPart(out, chosen, first);
  for (const { slug } of TITLES) drawTitle(join(out, `title-${slug}.png`), slug);
  writeFileSync(join(out, 'key.json'), `${JSON.stringify({ checker: sha256, takes: chosen }, null, 1)}\n`);
}

function drawPart(out: string, chosen: readonly Judged[], first: number): void {
  const rows = chosen.slice(first, first + ROWS).map(({ text, pixels }, row) => ({
    text: `${first + row + 1}. ${text}`,
    pixels: readFileSync(pixels),
  }));
  drawSheet(join(out, `sheet-${String(first / ROWS + 1).padStart(2, '0')}.png`), rows);
}

/** What a title's people and places truly look like: who judges must know them. */
function drawTitle(path: string, slug: string): void {
  const title = TITLES.find((one) => one.slug === slug);
  if (!title) return;
  const rows = title.characters.map((character, i) => {
    const set = title.sets[i] ?? title.sets[0];
    const words = { character, set, action: 'stands', time: 'day', camera: 'still' } as const;
    const spec = titleShot(rngOf('reference', slug, i), title.style, words, 3);
    return { text: `${character.name} in ${set.name}`, pixels: renderClip({ spec, start: 0 }) };
  });
  drawSheet(path, rows);
}

/** Every take of a folder of runs that a check run there has read. */
function judgedIn(folder: string, card: CheckerCard): Judged[] {
  return readdirSync(folder).flatMap((run) => {
    const job = jobOf(join(folder, run));
    if (job?.kind !== 'check' || !existsSync(join(folder, run, 'checks.jsonl'))) return [];
    const asked = join(folder, job.takes.path.split('/').at(-2) ?? '');
    return existsSync(join(asked, 'takes.jsonl')) ? judgedOf(join(folder, run), asked, card) : [];
  });
}

const jobOf = (run: string): Job | null =>
  existsSync(join(run, 'job.json')) ? JSON.parse(readFileSync(join(run, 'job.json'), 'utf8')) : null;

function judgedOf(check: string, asked: string, card: CheckerCard): Judged[] {
  if (jobOf(asked)?.kind !== 'generate') return [];
  const texts = textsIn(asked);
  const path = join(asked, 'takes.jsonl');
  const takes = new Map(takeLines(path).map((take) => [take.id, take]));
  return readFileSync(join(check, 'checks.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => checkLineSchema.parse(JSON.parse(line)))
    .flatMap((line) => judgedTake(line, takes.get(line.id), texts, dirname(path), card));
}

/** Copies are not refused here: no eye can tell them without all the clips beside it. */
function judgedTake(
  line: CheckLine,
  take: TakeLine | undefined,
  texts: ReadonlyMap<string, string>,
  folder: string,
  { limits }: CheckerCard,
): Judged[] {
  const text = take && texts.get(take.brief);
  if (!take || !text) return [];
  const { verdict, reasons } = usable(line, expectOf(text), limits, null);
  return [
    {
      take: take.id,
      text,
      pixels: join(folder, take.path),
      reasons: verdict === 'not usable' ? reasons : [],
    },
  ];
}

/** The words of a title's caption: `NAME ACTION in SET at TIME , camera CAMERA`. */
function expectOf(text: string): Expect {
  const parts = /^(\S+) (.+) in (\S+) at (\S+) , camera (.+)$/.exec(text);
  if (!parts) throw new Error(`not a caption of a title: ${text}`);
  const [, name = '', action, set, time, camera] = parts;
  return { characters: [name], action, set, time, camera };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    takes: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
if (!values.out || positionals.length === 0) throw new Error('expected --out DIR and folders of runs');
await draw(values.out, positionals, Number(values.takes), Number(values.seed));
