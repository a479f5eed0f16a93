import type { ResolvedStudioOptions, RightsCase } from './schema.ts';
import type { Title } from './spec.ts';
import { titleOf } from './titles.ts';

/** One film to make: how it is delivered, and what its ledger says. */
export interface Production {
  readonly title: Title;
  readonly rights: RightsCase;
  readonly shots: number;
  readonly fps: string;
  readonly letterbox: boolean;
}

const production = (
  slug: string,
  rights: RightsCase,
  shots: number,
  fps: string,
  letterbox = false,
): Production => ({ title: titleOf(slug), rights, shots, fps, letterbox });

/** A feature with about 130 clips of 17 frames at 12 per second, a short, and five titles that are not cleared. */
const DEMO: readonly Production[] = [
  production('moppet-tide', 'cleared', 52, '24/1'),
  production('robot-orchard', 'cleared', 10, '24000/1001', true),
  production('night-mail', 'no_grant', 5, '25/1'),
  production('clockmakers-moon', 'expired', 5, '24/1', true),
  production('spice-caravan', 'territory', 6, '25/1'),
  production('paper-kingdom', 'use_not_granted', 4, '24000/1001'),
  production('teatime-pirates', 'unknown', 4, '24/1'),
];

const TINY: readonly Production[] = [
  production('moppet-tide', 'cleared', 4, '24/1'),
  production('night-mail', 'no_grant', 3, '25/1', true),
];

const LARGE: readonly Production[] = [
  ...DEMO.map((p) => (p.rights === 'cleared' ? { ...p, shots: 60 } : p)),
  production('sugar-mountain', 'cleared', 60, '24/1'),
  production('under-the-glass-sea', 'cleared', 60, '25/1'),
  production('little-comet', 'cleared', 60, '24/1', true),
];

const BY_SIZE = { tiny: TINY, demo: DEMO, large: LARGE };

export function productionsOf({ size, shotsPerTitle }: ResolvedStudioOptions): Production[] {
  return BY_SIZE[size].map((p) =>
    p.rights === 'cleared' && shotsPerTitle ? { ...p, shots: shotsPerTitle } : p,
  );
}
