import { type Rng, rngOf } from '../../src/sample/random.ts';
import type { PrintSource } from '../../src/shots/copies/find.ts';
import { gridCells, gridHeight, gridWidth, type Print } from '../../src/shots/copies/prints.ts';

const seed = 12;
/** Shots of four seconds, a hundred a film. */
const grids = 16;
const shotsAFilm = 100;

/** A place is larger than what is seen of it, so that the camera can move over it. */
const placeWidth = 2 * gridWidth;
const placeHeight = 2 * gridHeight;
/** Things that lie over each other, small ones more often, as in photographs ("dead leaves"). */
const things = 150;

/** Grey levels by which a thing is uneven. */
const grain = 8;

/** A shot of a place of things, seen by a camera that moves, with somebody who walks through. No two show the same. */
export function drawn(number: number): Print {
  const rng = rngOf('shot', number, seed);
  const place = placeOf(rng);
  const stands = rng.chance(0.3);
  const camera = { x: rng.range(0, gridWidth), y: rng.range(0, gridHeight) };
  const move = stands ? { x: 0, y: 0 } : { x: rng.range(-0.7, 0.7), y: rng.range(-0.3, 0.3) };
  const figure = figureOf(rng);
  const out = new Uint8Array(grids * gridCells);
  for (let k = 0; k < grids; k++) {
    const left = within(camera.x + k * move.x, placeWidth - gridWidth - 1);
    const top = within(camera.y + k * move.y, placeHeight - gridHeight - 1);
    const grid = out.subarray(k * gridCells, (k + 1) * gridCells);
    look(place, left, top, grid);
    stand(grid, { ...figure, x: figure.x + k * figure.speed });
  }
  return {
    ...{ shot: `made ${number}`, file: `made up ${Math.floor(number / shotsAFilm)}` },
    ...{ first: (number % shotsAFilm) * grids, grids: out },
  };
}

function placeOf(rng: Rng): Float32Array {
  const place = new Float32Array(placeWidth * placeHeight).fill(rng.range(30, 220));
  for (let i = 0; i < things; i++) {
    const size = 1.5 / rng.range(0.2, 1);
    const level = rng.range(10, 245);
    const [x, y] = [rng.range(0, placeWidth), rng.range(0, placeHeight)];
    const [wide, high, round] = [size * rng.range(0.5, 2), size * rng.range(0.4, 1.4), rng.chance(0.5)];
    for (let row = Math.max(0, Math.ceil(y - high)); row <= Math.min(placeHeight - 1, y + high); row++) {
      const half = round ? wide * Math.sqrt(Math.max(0, 1 - ((row - y) / high) ** 2)) : wide;
      const from = Math.max(0, Math.ceil(x - half));
      place.fill(
        level,
        row * placeWidth + from,
        row * placeWidth + Math.max(from, Math.min(placeWidth, Math.ceil(x + half))),
      );
    }
  }
  return place.map((level) => level + rng.range(-grain, grain));
}

interface Figure {
  x: number;
  y: number;
  wide: number;
  high: number;
  level: number;
  speed: number;
}

const figureOf = (rng: Rng): Figure => ({
  ...{ x: rng.range(0, gridWidth), y: rng.range(2, gridHeight - 3) },
  ...{ wide: rng.range(1, 4), high: rng.range(3, 10), level: rng.range(0, 255), speed: rng.range(-0.8, 0.8) },
});

const within = (value: number, most: number): number => Math.max(0, Math.min(most, value));

function look(place: Float32Array, left: number, top: number, grid: Uint8Array): void {
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [right, below] = [left - x0, top - y0];
  for (let y = 0, to = 0; y < gridHeight; y++) {
    for (let x = 0; x < gridWidth; x++, to++) {
      const at = (y0 + y) * placeWidth + x0 + x;
      const upper = (place[at] as number) * (1 - right) + (place[at + 1] as number) * right;
      const next = at + placeWidth;
      const lower = (place[next] as number) * (1 - right) + (place[next + 1] as number) * right;
      grid[to] = upper * (1 - below) + lower * below;
    }
  }
}

/** Somebody before the place. */
function stand(grid: Uint8Array, { x, y, wide, high, level }: Figure): void {
  for (let row = Math.max(0, Math.ceil(y - high / 2)); row < Math.min(gridHeight, y + high / 2); row++) {
    const from = within(Math.ceil(x - wide / 2), gridWidth);
    const to = within(Math.ceil(x + wide / 2), gridWidth);
    grid.fill(level, row * gridWidth + from, row * gridWidth + to);
  }
}

/** A catalogue of shots, drawn each time they are asked for: a hundred thousand would be half a gigabyte. */
export const madeUp = (shots: number): PrintSource => ({
  isNew: () => true,
  async *all() {
    for (let number = 0; number < shots; number++) yield drawn(number);
  },
  some: async (numbers) => numbers.map(drawn),
  detail: async () => null,
});
