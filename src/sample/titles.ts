// The studio's own titles: named characters and places, drawn in a hand that no base world has.
import { motionOf } from './motion.ts';
import { type Rng, rngOf, shuffled } from './random.ts';
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
} from './spec.ts';
import { framing } from './worlds.ts';

export interface Title {
  readonly slug: string;
  readonly name: string;
  readonly style: Style;
  readonly characters: readonly [CharacterLook, CharacterLook];
  readonly sets: readonly [SetLook, SetLook];
  /** Appears in a few shots; the ledger knows whether the performer agreed. */
  readonly guest?: CharacterLook;
}

export const TITLES: readonly Title[] = [
  {
    slug: 'moppet-tide',
    name: 'Moppet Tide',
    style: { ink: [16, 52, 66], inkWidth: 0.02, inkScenery: true, shading: 'side', sky: 'bands' },
    characters: [
      {
        name: 'Brinka',
        silhouette: 'drop',
        body: [24, 168, 164],
        accent: [250, 244, 214],
        texture: 'belts',
        held: 'umbrella',
        heldColour: [238, 92, 106],
      },
      {
        name: 'Tollo',
        silhouette: 'star',
        body: [244, 150, 96],
        accent: [120, 52, 92],
        texture: 'dots',
        held: 'fish',
        heldColour: [66, 196, 214],
      },
    ],
    guest: {
      name: 'Ozzbert',
      silhouette: 'hourglass',
      body: [92, 62, 104],
      accent: [232, 200, 228],
      texture: 'columns',
      held: 'wand',
      heldColour: [250, 212, 106],
    },
    sets: [
      {
        name: 'Vellamar',
        sky: [
          [146, 222, 214],
          [250, 236, 200],
        ],
        backdrop: 'billows',
        backdropColour: [40, 128, 158],
        scenery: ['lighthouse', 'bottle'],
        sceneryColours: [
          [222, 78, 92],
          [74, 176, 122],
        ],
        ground: [232, 208, 164],
        pattern: 'pebbles',
        patternColour: [196, 158, 116],
      },
      {
        name: 'Ostrune',
        sky: [
          [252, 196, 182],
          [252, 232, 206],
        ],
        backdrop: 'arches',
        backdropColour: [206, 112, 118],
        scenery: ['coral', 'snail'],
        sceneryColours: [
          [236, 108, 128],
          [120, 96, 168],
        ],
        ground: [122, 190, 190],
        pattern: 'chevrons',
        patternColour: [86, 152, 160],
      },
    ],
  },
  {
    slug: 'clockmakers-moon',
    name: "The Clockmaker's Moon",
    style: { ink: [60, 34, 22], inkWidth: 0.013, inkScenery: true, shading: 'band', sky: 'flat' },
    characters: [
      {
        name: 'Quillo',
        silhouette: 'hourglass',
        body: [150, 98, 58],
        accent: [240, 206, 140],
        texture: 'columns',
        held: 'key',
        heldColour: [238, 186, 66],
      },
      {
        name: 'Dabra',
        silhouette: 'bell',
        body: [120, 128, 62],
        accent: [236, 226, 176],
        texture: 'zigzag',
        held: 'lantern',
        heldColour: [232, 128, 52],
      },
    ],
    sets: [
      {
        name: 'Tikkendal',
        sky: [
          [222, 196, 150],
          [244, 226, 186],
        ],
        backdrop: 'pillars',
        backdropColour: [170, 126, 92],
        scenery: ['clock', 'books'],
        sceneryColours: [
          [196, 132, 58],
          [138, 58, 62],
        ],
        ground: [150, 108, 80],
        pattern: 'boards',
        patternColour: [124, 84, 62],
      },
      {
        name: 'Lunspire',
        sky: [
          [178, 186, 206],
          [226, 222, 214],
        ],
        backdrop: 'spires',
        backdropColour: [112, 110, 142],
        scenery: ['candle', 'windmill'],
        sceneryColours: [
          [226, 214, 182],
          [152, 92, 82],
        ],
        ground: [164, 162, 152],
        pattern: 'tiles',
        patternColour: [138, 134, 130],
      },
    ],
  },
  {
    slug: 'sugar-mountain',
    name: 'Sugar Mountain',
    style: { ink: [122, 34, 82], inkWidth: 0.016, inkScenery: true, shading: 'glow', sky: 'bands' },
    characters: [
      {
        name: 'Pimsy',
        silhouette: 'heart',
        body: [226, 72, 140],
        accent: [255, 222, 232],
        texture: 'checks',
        held: 'balloon',
        heldColour: [96, 208, 196],
      },
      {
        name: 'Gorvo',
        silhouette: 'pear',
        body: [152, 214, 172],
        accent: [96, 60, 44],
        texture: 'boots',
        held: 'drum',
        heldColour: [238, 118, 82],
      },
    ],
    sets: [
      {
        name: 'Candorra',
        sky: [
          [250, 200, 222],
          [255, 238, 228],
        ],
        backdrop: 'domes',
        backdropColour: [236, 148, 178],
        scenery: ['lollipop', 'cake'],
        sceneryColours: [
          [238, 76, 118],
          [172, 110, 82],
        ],
        ground: [252, 216, 196],
        pattern: 'rhombs',
        patternColour: [240, 164, 164],
      },
      {
        name: 'Frostelle',
        sky: [
          [178, 226, 236],
          [236, 246, 240],
        ],
        backdrop: 'terraces',
        backdropColour: [150, 190, 214],
        scenery: ['crystal', 'teacup'],
        sceneryColours: [
          [128, 188, 226],
          [214, 120, 168],
        ],
        ground: [222, 240, 236],
        pattern: 'chevrons',
        patternColour: [172, 210, 216],
      },
    ],
  },
  {
    slug: 'under-the-glass-sea',
    name: 'Under the Glass Sea',
    style: { ink: [226, 250, 250], inkWidth: 0.014, inkScenery: false, shading: 'side', sky: 'bands' },
    characters: [
      {
        name: 'Nerith',
        silhouette: 'diamond',
        body: [20, 92, 112],
        accent: [122, 232, 210],
        texture: 'rings',
        held: 'lantern',
        heldColour: [250, 226, 96],
      },
      {
        name: 'Wubbo',
        silhouette: 'ghost',
        body: [250, 176, 150],
        accent: [226, 92, 110],
        texture: 'slants',
        held: 'guitar',
        heldColour: [128, 214, 226],
      },
    ],
    sets: [
      {
        name: 'Corallin',
        sky: [
          [38, 146, 168],
          [128, 214, 206],
        ],
        backdrop: 'pillars',
        backdropColour: [46, 118, 140],
        scenery: ['coral', 'bottle'],
        sceneryColours: [
          [248, 122, 112],
          [232, 196, 92],
        ],
        ground: [76, 166, 152],
        pattern: 'pebbles',
        patternColour: [48, 130, 128],
      },
      {
        name: 'Deepmere',
        sky: [
          [62, 92, 146],
          [120, 166, 190],
        ],
        backdrop: 'islands',
        backdropColour: [74, 124, 134],
        scenery: ['snail', 'crystal'],
        sceneryColours: [
          [206, 132, 178],
          [132, 226, 226],
        ],
        ground: [54, 92, 116],
        pattern: 'rhombs',
        patternColour: [86, 136, 150],
      },
    ],
  },
  {
    slug: 'night-mail',
    name: 'Night Mail for Zephka',
    style: { ink: [30, 22, 30], inkWidth: 0.022, inkScenery: false, shading: 'flat', sky: 'flat' },
    characters: [
      {
        name: 'Zephka',
        silhouette: 'cat',
        body: [70, 70, 92],
        accent: [236, 188, 90],
        texture: 'halves',
        held: 'kite',
        heldColour: [234, 84, 70],
      },
      {
        name: 'Orlin',
        silhouette: 'house',
        body: [196, 74, 58],
        accent: [246, 226, 190],
        texture: 'columns',
        held: 'flag',
        heldColour: [86, 150, 170],
      },
    ],
    sets: [
      {
        name: 'Halvenne',
        sky: [
          [196, 214, 198],
          [238, 236, 206],
        ],
        backdrop: 'domes',
        backdropColour: [128, 160, 128],
        scenery: ['mailbox', 'tent'],
        sceneryColours: [
          [204, 60, 54],
          [226, 168, 70],
        ],
        ground: [178, 176, 112],
        pattern: 'boards',
        patternColour: [154, 150, 92],
      },
      {
        name: 'Postrica',
        sky: [
          [216, 176, 160],
          [246, 222, 190],
        ],
        backdrop: 'terraces',
        backdropColour: [168, 100, 92],
        scenery: ['windmill', 'books'],
        sceneryColours: [
          [92, 120, 132],
          [112, 74, 110],
        ],
        ground: [190, 138, 108],
        pattern: 'tiles',
        patternColour: [170, 116, 92],
      },
    ],
  },
  {
    slug: 'paper-kingdom',
    name: 'The Paper Kingdom',
    style: { ink: [92, 92, 104], inkWidth: 0.01, inkScenery: true, shading: 'side', sky: 'flat' },
    characters: [
      {
        name: 'Foldo',
        silhouette: 'diamond',
        body: [236, 226, 196],
        accent: [92, 122, 190],
        texture: 'slants',
        held: 'broom',
        heldColour: [206, 150, 70],
      },
      {
        name: 'Kessip',
        silhouette: 'leaf',
        body: [172, 200, 78],
        accent: [86, 100, 52],
        texture: 'belts',
        held: 'wand',
        heldColour: [244, 132, 156],
      },
    ],
    sets: [
      {
        name: 'Papyra',
        sky: [
          [226, 232, 238],
          [248, 244, 234],
        ],
        backdrop: 'spires',
        backdropColour: [184, 196, 214],
        scenery: ['pagoda', 'books'],
        sceneryColours: [
          [190, 80, 72],
          [98, 126, 150],
        ],
        ground: [232, 222, 204],
        pattern: 'tiles',
        patternColour: [214, 200, 178],
      },
      {
        name: 'Inkwold',
        sky: [
          [180, 190, 216],
          [222, 220, 232],
        ],
        backdrop: 'billows',
        backdropColour: [98, 104, 150],
        scenery: ['bottle', 'mushroom'],
        sceneryColours: [
          [56, 62, 112],
          [168, 84, 134],
        ],
        ground: [146, 150, 178],
        pattern: 'chevrons',
        patternColour: [118, 122, 156],
      },
    ],
  },
  {
    slug: 'robot-orchard',
    name: 'Robot Orchard',
    style: { ink: [42, 46, 54], inkWidth: 0.019, inkScenery: true, shading: 'glow', sky: 'flat' },
    characters: [
      {
        name: 'Bixo',
        silhouette: 'gear',
        body: [150, 168, 178],
        accent: [238, 116, 52],
        texture: 'boots',
        held: 'blossom',
        heldColour: [248, 158, 176],
      },
      {
        name: 'Trunzel',
        silhouette: 'house',
        body: [94, 146, 132],
        accent: [232, 220, 120],
        texture: 'checks',
        held: 'umbrella',
        heldColour: [250, 190, 60],
      },
    ],
    sets: [
      {
        name: 'Ferrovale',
        sky: [
          [206, 222, 196],
          [240, 240, 214],
        ],
        backdrop: 'pillars',
        backdropColour: [150, 172, 152],
        scenery: ['cogtree', 'pipe'],
        sceneryColours: [
          [206, 106, 58],
          [96, 132, 146],
        ],
        ground: [168, 186, 134],
        pattern: 'rhombs',
        patternColour: [138, 156, 110],
      },
      {
        name: 'Cogmoor',
        sky: [
          [192, 182, 176],
          [230, 218, 200],
        ],
        backdrop: 'arches',
        backdropColour: [138, 120, 118],
        scenery: ['pipe', 'clock'],
        sceneryColours: [
          [176, 92, 70],
          [88, 100, 116],
        ],
        ground: [132, 124, 124],
        pattern: 'boards',
        patternColour: [112, 102, 106],
      },
    ],
  },
  {
    slug: 'little-comet',
    name: 'Little Comet',
    style: { ink: [36, 20, 70], inkWidth: 0.015, inkScenery: false, shading: 'glow', sky: 'bands' },
    characters: [
      {
        name: 'Astrik',
        silhouette: 'star',
        body: [120, 222, 232],
        accent: [64, 60, 150],
        texture: 'zigzag',
        held: 'flag',
        heldColour: [246, 92, 142],
      },
      {
        name: 'Mubble',
        silhouette: 'pear',
        body: [104, 78, 140],
        accent: [190, 240, 132],
        texture: 'rings',
        held: 'balloon',
        heldColour: [252, 180, 92],
      },
    ],
    sets: [
      {
        name: 'Orbanu',
        sky: [
          [186, 164, 222],
          [236, 206, 226],
        ],
        backdrop: 'islands',
        backdropColour: [142, 112, 182],
        scenery: ['planet', 'rocket'],
        sceneryColours: [
          [240, 156, 98],
          [222, 72, 112],
        ],
        ground: [178, 148, 196],
        pattern: 'pebbles',
        patternColour: [148, 116, 172],
      },
      {
        name: 'Dustoria',
        sky: [
          [234, 190, 176],
          [250, 224, 186],
        ],
        backdrop: 'domes',
        backdropColour: [198, 118, 106],
        scenery: ['rocket', 'crystal'],
        sceneryColours: [
          [92, 108, 184],
          [110, 206, 196],
        ],
        ground: [214, 146, 122],
        pattern: 'rhombs',
        patternColour: [186, 114, 100],
      },
    ],
  },
  {
    slug: 'spice-caravan',
    name: 'The Spice Caravan',
    style: { ink: [88, 26, 30], inkWidth: 0.017, inkScenery: true, shading: 'band', sky: 'bands' },
    characters: [
      {
        name: 'Saffi',
        silhouette: 'bell',
        body: [190, 52, 92],
        accent: [250, 196, 104],
        texture: 'rings',
        held: 'drum',
        heldColour: [66, 146, 150],
      },
      {
        name: 'Yundar',
        silhouette: 'leaf',
        body: [206, 134, 54],
        accent: [86, 42, 60],
        texture: 'checks',
        held: 'key',
        heldColour: [214, 220, 226],
      },
    ],
    sets: [
      {
        name: 'Zerradun',
        sky: [
          [244, 190, 128],
          [252, 226, 170],
        ],
        backdrop: 'domes',
        backdropColour: [206, 96, 74],
        scenery: ['tent', 'candle'],
        sceneryColours: [
          [152, 48, 92],
          [238, 206, 150],
        ],
        ground: [226, 158, 96],
        pattern: 'chevrons',
        patternColour: [200, 124, 78],
      },
      {
        name: 'Minarel',
        sky: [
          [132, 190, 196],
          [236, 226, 184],
        ],
        backdrop: 'spires',
        backdropColour: [122, 138, 140],
        scenery: ['pagoda', 'teacup'],
        sceneryColours: [
          [48, 134, 140],
          [206, 98, 60],
        ],
        ground: [206, 182, 138],
        pattern: 'tiles',
        patternColour: [186, 156, 118],
      },
    ],
  },
  {
    slug: 'teatime-pirates',
    name: 'Teatime Pirates',
    style: { ink: [20, 30, 40], inkWidth: 0.02, inkScenery: false, shading: 'band', sky: 'gradient' },
    characters: [
      {
        name: 'Crumlo',
        silhouette: 'cat',
        body: [184, 146, 112],
        accent: [70, 132, 168],
        texture: 'belts',
        held: 'guitar',
        heldColour: [206, 68, 78],
      },
      {
        name: 'Vesh',
        silhouette: 'ghost',
        body: [122, 190, 150],
        accent: [244, 248, 226],
        texture: 'dots',
        held: 'broom',
        heldColour: [240, 202, 84],
      },
    ],
    sets: [
      {
        name: 'Kettlebay',
        sky: [
          [170, 214, 206],
          [240, 238, 210],
        ],
        backdrop: 'arches',
        backdropColour: [108, 154, 148],
        scenery: ['teacup', 'mailbox'],
        sceneryColours: [
          [210, 92, 102],
          [72, 96, 142],
        ],
        ground: [212, 196, 146],
        pattern: 'boards',
        patternColour: [186, 168, 122],
      },
      {
        name: 'Saucerine',
        sky: [
          [214, 206, 232],
          [242, 232, 236],
        ],
        backdrop: 'islands',
        backdropColour: [150, 134, 170],
        scenery: ['cake', 'lighthouse'],
        sceneryColours: [
          [206, 142, 102],
          [116, 150, 92],
        ],
        ground: [162, 178, 170],
        pattern: 'pebbles',
        patternColour: [134, 148, 146],
      },
    ],
  },
];

export function titleOf(slug: string): Title {
  const title = TITLES.find((t) => t.slug === slug);
  if (!title)
    throw new RangeError(
      `expected one of ${TITLES.map((t) => t.slug).join(', ')} as a title's slug, found '${slug}'`,
    );
  return title;
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

const comboKey = (w: TitleWords) => `${w.character.name}+${w.set.name}+${w.action}`;
const RESERVED_COMBOS = 3;

/** Combinations of character, set and action that no film of the title and no training clip shows (3 of 16). */
export function reservedCombos(title: Title): ReadonlySet<string> {
  const all = title.characters.flatMap((c) =>
    title.sets.flatMap((s) => ACTIONS.map((a) => `${c.name}+${s.name}+${a}`)),
  );
  return new Set(shuffled(rngOf('reserved combos', title.slug), all).slice(0, RESERVED_COMBOS));
}

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

/** A complete shot; `layoutSeed` lets the shots of one scene share their place. */
export function titleShot(
  rng: Rng,
  style: Style,
  words: TitleWords,
  seconds: number,
  layoutSeed: number,
): ShotSpec {
  return {
    ...words,
    style,
    seconds,
    layoutSeed,
    ...framing(rng, words.camera),
    motion: motionOf(rng, words.action, words.camera, seconds),
  };
}
