// The studio's own titles: named characters and places, drawn in a hand that no base world has.
import { BacklotError } from '../contract/index.ts';
import { motionOf } from './motion.ts';
import { type Rng, rngOf, seedOf, shuffled } from './random.ts';
import {
  ACTIONS,
  type Action,
  CAMERAS,
  type Camera,
  type CharacterLook,
  type SetLook,
  type ShotSpec,
  type Style,
  TIMES,
  type Time,
  type Title,
} from './spec.ts';
import { clockmakersMoon } from './titles/clockmakers-moon.ts';
import { littleComet } from './titles/little-comet.ts';
import { moppetTide } from './titles/moppet-tide.ts';
import { nightMail } from './titles/night-mail.ts';
import { paperKingdom } from './titles/paper-kingdom.ts';
import { robotOrchard } from './titles/robot-orchard.ts';
import { spiceCaravan } from './titles/spice-caravan.ts';
import { sugarMountain } from './titles/sugar-mountain.ts';
import { teatimePirates } from './titles/teatime-pirates.ts';
import { underTheGlassSea } from './titles/under-the-glass-sea.ts';
import { framing } from './worlds.ts';

export const TITLES: readonly Title[] = [
  moppetTide,
  clockmakersMoon,
  sugarMountain,
  underTheGlassSea,
  nightMail,
  paperKingdom,
  robotOrchard,
  littleComet,
  spiceCaravan,
  teatimePirates,
];

export function titleOf(slug: string): Title {
  const title = TITLES.find((t) => t.slug === slug);
  if (title) return title;
  throw new BacklotError('unknown-title', {
    expected: `one of ${TITLES.map((t) => t.slug).join(', ')}`,
    where: 'title of the sample studio',
    found: `'${slug}'`,
    remedy: 'Name one of these titles.',
  });
}

/** Who does what where in one shot of a title; indexes are never needed, names are unique. */
export interface TitleWords {
  readonly character: CharacterLook;
  readonly set: SetLook;
  readonly action: Action;
  readonly time: Time;
  readonly camera: Camera;
}

/** Invented names only, no describing words. */
export function titleCaption(w: TitleWords): string {
  return `${w.character.name} ${w.action} in ${w.set.name} at ${w.time} , camera ${w.camera}`;
}

type Combo = readonly [character: string, set: string, action: Action];

const comboKey = (w: TitleWords) => keyOf([w.character.name, w.set.name, w.action]);
const keyOf = (combo: Combo) => combo.join('+');
const RESERVED_COMBOS = 3;

/**
 * Combinations of character, set and action that no film of the title and no training clip shows (3 of 16). Everyone
 * is still seen doing everything, somewhere: a brief may ask for a new combination, not for what was never shown.
 */
export function reservedCombos(title: Title): ReadonlySet<string> {
  const all = title.characters.flatMap((c) =>
    title.sets.flatMap((s) => ACTIONS.map((a): Combo => [c.name, s.name, a])),
  );
  const reserved: Combo[] = [];
  for (const combo of shuffled(rngOf('reserved combos', title.slug), all)) {
    if (reserved.length < RESERVED_COMBOS && !lastPlace(combo, reserved, title)) reserved.push(combo);
  }
  return new Set(reserved.map(keyOf));
}

/** Whether this is the last place of the title where its character may still be seen in its action. */
const lastPlace = ([character, , action]: Combo, reserved: readonly Combo[], title: Title): boolean =>
  reserved.filter(([who, , what]) => who === character && what === action).length >= title.sets.length - 1;

export const isReserved = (title: Title, words: TitleWords): boolean =>
  reservedCombos(title).has(comboKey(words));

/** Seeded words of a title, reserved or not as asked. */
export function titleWords(rng: Rng, title: Title, reserved: boolean): TitleWords {
  for (;;) {
    const words = {
      character: rng.pick(title.characters),
      set: rng.pick(title.sets),
      action: rng.pick(ACTIONS),
      time: rng.pick(TIMES),
      camera: rng.pick(CAMERAS),
    };
    if (isReserved(title, words) === reserved) return words;
  }
}

/** A complete shot. A place of a title is one place: what stands in it stands there in every shot. */
export function titleShot(rng: Rng, style: Style, words: TitleWords, seconds: number): ShotSpec {
  return {
    ...words,
    style,
    seconds,
    layoutSeed: seedOf('place', words.set.name),
    ...framing(rng, words.camera),
    motion: motionOf(rng, words.action, words.camera, seconds),
  };
}
