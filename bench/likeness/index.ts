import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { addFiles, listFiles } from '../../src/catalog/index.ts';
import type { Report } from '../../src/contract/index.ts';
import { nearestRows } from '../../src/dataset/nearest.ts';
import { clipCanvas, planClip, renderClip, SHARP } from '../../src/sample/clips.ts';
import { TITLES } from '../../src/sample/titles.ts';
import { detectShots, listShots, lookBytes, lookOf } from '../../src/shots/index.ts';
import { jpegOf } from '../../src/shots/thumbnail.ts';
import { testContext } from '../../test/support/context.ts';
import { realFilms } from '../shots/footage.ts';
import type { Row } from '../shots/rows.ts';
import { round, wilson } from '../shots/score.ts';

/**
 * Do shots that look alike show the same? On pictures drawn from the sample studio's titles, each asked for its five
 * nearest. The peer is the mean colour of the picture, which is kept of each shot anyway. Real films, where they are
 * there: is the nearest of the same film, its parts in other files counted as it?
 */

/** The weights of looks were set before anything was measured, and stayed. */
const SEED = 32;
const NEAREST = 5;
const frame = { ...SHARP, frames: 1 };

interface Seen {
  kinds: Record<string, string>;
  look: Int8Array;
  colour: Int8Array;
}

const kinds = ['title', 'set', 'character', 'time', 'set and time'];

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const drawn = await pictures(quick ? 100 : 600, report);
  const rows = kinds.flatMap((kind) => rowsOf(drawn, kind));
  if (!quick && realFilms().length > 0) rows.push(...rowsOf(await realShots(report), 'real film'));
  return { bench: 'likeness', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
}

function rowsOf(seen: readonly Seen[], kind: string): Row[] {
  return [
    rowOf(`same ${kind}`, seen, kind, ({ look }) => look),
    rowOf(`same ${kind}, by mean colour`, seen, kind, ({ colour }) => colour),
    { what: `same ${kind}, by chance`, value: round(chance(seen, kind)), unit: 'share' },
  ];
}

async function pictures(count: number, report: Report): Promise<Seen[]> {
  const canvas = clipCanvas(frame);
  const drawn: Seen[] = [];
  for (let i = 0; i < count; i++) {
    report({ phase: 'draw pictures', done: i, total: count, unit: 'pictures' });
    const slug = TITLES[i % TITLES.length]?.slug ?? '';
    const { spec, start } = planClip(`title:${slug}`, SEED, i, 0);
    const rgb = renderClip({ spec, start: start + 0.7 }, frame, canvas);
    const thumbnail = await jpegOf(rgb, frame);
    const [set, time] = [spec.set.name, spec.time];
    drawn.push({
      kinds: { title: slug, set, time, character: spec.character.name, 'set and time': `${set} ${time}` },
      look: await lookOf(thumbnail, { motion: 0 }),
      colour: meanColour(rgb),
    });
    // The canvas frees native memory only between turns of the event loop.
    await setImmediate();
  }
  return drawn;
}

/** Rows are compared four values at a time: the fourth is nought. */
function meanColour(rgb: Uint8Array): Int8Array {
  const sums = [0, 0, 0];
  for (let i = 0; i < rgb.length; i++) sums[i % 3] = (sums[i % 3] ?? 0) + (rgb[i] ?? 0);
  return Int8Array.from([...sums, 0], (sum) => Math.round((3 * sum) / rgb.length / 2));
}

/** Shots of the real films as the product keeps them. */
async function realShots(report: Report): Promise<Seen[]> {
  const { context, close } = await testContext({ report });
  try {
    await addFiles(context, { paths: realFilms().map(({ path }) => path) });
    await detectShots(context, 'fast');
    const names = new Map(
      (await listFiles(context.db)).map(({ id, path }) => [id, basename(path).split('_')[0]]),
    );
    const seen: Seen[] = [];
    for (const { fileId, thumbnail, facts } of await listShots(context.db)) {
      const look = await lookOf(await readFile(thumbnail ?? ''), facts);
      const colour = Int8Array.from([...facts.colour, 0], (value) => Math.round(value / 2));
      seen.push({ kinds: { 'real film': names.get(fileId) ?? '' }, look, colour });
    }
    return seen;
  } finally {
    await close();
  }
}

type Vector = (one: Seen) => Int8Array;

/** Share of the nearest that share what is asked with the one asked for, over all. */
function rowOf(what: string, drawn: readonly Seen[], kind: string, vector: Vector): Row {
  const size = drawn[0] ? vector(drawn[0]).length : lookBytes;
  const table = new Int8Array(drawn.length * size);
  drawn.forEach((one, row) => void table.set(vector(one), row * size));
  let hits = 0;
  for (const [row, one] of drawn.entries()) {
    const others = [...drawn.keys()].filter((other) => other !== row);
    const near = nearestRows(table, vector(one), others, NEAREST);
    hits += near.filter((other) => drawn[other.row]?.kinds[kind] === one.kinds[kind]).length;
  }
  const n = drawn.length * NEAREST;
  return { what, value: round(hits / n), unit: 'share', ...wilson(hits, n), n };
}

/** What five others drawn blindly would share. */
function chance(drawn: readonly Seen[], kind: string): number {
  const sizes = [...Map.groupBy(drawn, ({ kinds: own }) => own[kind]).values()].map((own) => own.length);
  return sizes.reduce((sum, size) => sum + size * (size - 1), 0) / (drawn.length * (drawn.length - 1));
}
