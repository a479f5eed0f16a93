import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CatalogFile } from '../catalog/index.ts';
import { decideHoldings, type PlacedHoldings } from './bulk.ts';
import { facts } from './catalogued.test-support.ts';
import { filmsBetween } from './films-between.ts';
import { harbourShot } from './ledgers.test-support.ts';
import { asks, generous, ledgers } from './random.test-support.ts';
import { sections } from './raw.ts';
import type { Ledger } from './schema.ts';

const names = ['t1', 't2'];
const files = names.map((name, n) => ({
  ...{ id: name, path: `/masters/${name}.mp4`, sha256: String(n).repeat(64), facts },
})) as unknown as CatalogFile[];
const { file: _, ...place } = harbourShot;
const shots = names.flatMap((fileId) =>
  [
    { in: 10, out: 20 },
    { in: 30, out: 40 },
  ].map((range, n) => ({ ...place, ...range, id: `${fileId}-${n}`, fileId })),
);
const holdings = { ledger: null, files, shots, films: new Map(), copies: [] } satisfies PlacedHoldings;

/** A ledger, and the same with one of its lists from another, whole or without its first row. */
const changes = fc
  .tuple(ledgers, ledgers, fc.constantFrom(...sections), fc.boolean(), fc.boolean())
  .map(([ledger, other, section, isLess, isGenerous]) => {
    const before: Ledger = isGenerous ? generous(ledger) : ledger;
    const rows = isLess ? before[section].slice(1) : other[section];
    return { before, now: { ...before, [section]: rows } as Ledger };
  });

const held = (document: Ledger) => ({ id: 'ldg', document });

test('of a film of which no row around it differs no shot is newly refused, whatever is asked', () => {
  const met = { refused: 0, spared: 0 };
  fc.assert(
    fc.property(changes, asks, ({ before, now }, asked) => {
      const films = filmsBetween({
        ...{ files, before: held(before), now: held(now), performers: asked.performers ?? [] },
      });
      const [then, since] = [before, now].map((document) =>
        decideHoldings({ ...holdings, ledger: held(document) }, asked),
      );
      const refused = shots.filter(
        (_shot, i) => then?.[i]?.outcome === 'ALLOW' && since?.[i]?.outcome !== 'ALLOW',
      );
      expect(refused.filter(({ fileId }) => !films.has(fileId))).toEqual([]);
      met.refused += refused.length;
      met.spared += files.length - films.size;
    }),
    { numRuns: 1500, seed: 3 },
  );
  expect(Math.min(met.refused, met.spared), JSON.stringify(met)).toBeGreaterThan(25);
});
