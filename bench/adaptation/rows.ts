import { wilson } from '../../src/review/index.ts';
import type { Counted } from './cell.ts';
import { ARMS, MAIN_SIZE, SIZES, TITLES } from './cells.ts';

export interface Row {
  what: string;
  value: number;
  unit: string;
  low: number;
  high: number;
  n: number;
}

/** The table: every arm and size at the first seed and, at the main size, all seeds, apart by title and novelty. */
export function rowsOf(counted: readonly Counted[]): Row[] {
  const main = counted.filter(({ clips }) => clips === MAIN_SIZE);
  return [
    ...ARMS.flatMap((arm) =>
      mainRows(
        arm,
        main.filter((one) => one.arm === arm),
      ),
    ),
    ...ARMS.flatMap((arm) =>
      SIZES.filter((clips) => clips !== MAIN_SIZE).flatMap((clips) =>
        sizeRows(
          `${arm}, ${clips} clips`,
          counted.filter((one) => one.arm === arm && one.clips === clips),
        ),
      ),
    ),
  ];
}

function mainRows(arm: string, of: readonly Counted[]): Row[] {
  const what = arm === 'zero-shot' ? arm : `${arm}, ${MAIN_SIZE} clips`;
  return [
    ...row(what, of),
    ...row(
      `${what}, combinations that no clip shows`,
      of.filter(({ fresh }) => fresh),
    ),
    ...TITLES.flatMap((title) =>
      row(
        `${what}, ${title}`,
        of.filter((one) => one.title === title),
      ),
    ),
  ];
}

/** All titles, and the one with the fewest. */
function sizeRows(what: string, of: readonly Counted[]): Row[] {
  const titles = TITLES.flatMap((title) =>
    row(
      `${what}, worst title: ${title}`,
      of.filter((one) => one.title === title),
    ),
  );
  const worst = titles.toSorted((a, b) => a.value - b.value).slice(0, 1);
  return [...row(what, of), ...(titles.length > 1 ? worst : [])];
}

/** usable@4 with a 95 % Wilson interval over briefs; nothing where nothing was counted. */
function row(what: string, of: readonly Counted[]): Row[] {
  if (of.length === 0) return [];
  const usable = of.filter(({ takes }) => takes.some(Boolean)).length;
  return [{ what: `usable@4: ${what}`, unit: 'share', n: of.length, ...wilson(usable, of.length) }];
}
