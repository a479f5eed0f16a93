// The open base's worlds: plain fellows in everyday places, which no title of the studio shares.
import { BASE_HEADGEAR } from './held.ts';
import { motionOf } from './motion.ts';
import { type Rng, rngOf, shuffled } from './random.ts';
import { BASE_SILHOUETTES } from './silhouettes.ts';
import {
  ACTIONS,
  type Action,
  CAMERAS,
  type Camera,
  type CharacterLook,
  type Rgb,
  type SetLook,
  type ShotSpec,
  type Style,
  TIMES,
  type Time,
} from './spec.ts';

export const COLOURS = {
  red: [214, 40, 44],
  orange: [246, 136, 32],
  yellow: [252, 218, 48],
  green: [44, 160, 70],
  blue: [44, 92, 214],
  purple: [136, 60, 176],
  pink: [248, 136, 184],
  white: [244, 244, 240],
} as const satisfies Record<string, Rgb>;
export type Colour = keyof typeof COLOURS;
export type BaseSilhouette = keyof typeof BASE_SILHOUETTES;
export type Headgear = keyof typeof BASE_HEADGEAR;

const HEADGEAR_COLOURS: Record<Headgear, Rgb> = {
  nothing: [0, 0, 0],
  tophat: [226, 60, 60],
  crown: [255, 206, 40],
  bow: [60, 200, 214],
};

export const BASE_STYLE: Style = {
  ink: [38, 30, 46],
  inkWidth: 0.016,
  inkScenery: false,
  shading: 'glow',
  sky: 'gradient',
};

export const BASE_SETS = {
  meadow: {
    name: 'meadow',
    sky: [
      [104, 186, 240],
      [206, 236, 250],
    ],
    backdrop: 'hills',
    backdropColour: [120, 190, 110],
    scenery: ['tree', 'flower'],
    sceneryColours: [
      [52, 142, 70],
      [232, 84, 120],
    ],
    ground: [132, 202, 92],
    pattern: 'tufts',
    patternColour: [84, 160, 66],
  },
  desert: {
    name: 'desert',
    sky: [
      [130, 196, 226],
      [250, 232, 186],
    ],
    backdrop: 'dunes',
    backdropColour: [222, 164, 96],
    scenery: ['cactus', 'rock'],
    sceneryColours: [
      [72, 134, 84],
      [176, 112, 78],
    ],
    ground: [240, 200, 126],
    pattern: 'ripples',
    patternColour: [214, 164, 92],
  },
  city: {
    name: 'city',
    sky: [
      [150, 176, 206],
      [222, 228, 236],
    ],
    backdrop: 'skyline',
    backdropColour: [140, 152, 176],
    scenery: ['tower', 'lamp'],
    sceneryColours: [
      [168, 96, 84],
      [60, 66, 84],
    ],
    ground: [112, 114, 126],
    pattern: 'road',
    patternColour: [240, 236, 216],
  },
  forest: {
    name: 'forest',
    sky: [
      [126, 186, 176],
      [204, 226, 186],
    ],
    backdrop: 'treeline',
    backdropColour: [40, 100, 70],
    scenery: ['trunk', 'fern'],
    sceneryColours: [
      [98, 66, 48],
      [66, 140, 62],
    ],
    ground: [86, 112, 58],
    pattern: 'leaves',
    patternColour: [166, 128, 58],
  },
  beach: {
    name: 'beach',
    sky: [
      [94, 200, 244],
      [214, 244, 250],
    ],
    backdrop: 'sea',
    backdropColour: [34, 142, 196],
    scenery: ['palm', 'boat'],
    sceneryColours: [
      [48, 156, 82],
      [206, 74, 62],
    ],
    ground: [250, 228, 172],
    pattern: 'shells',
    patternColour: [232, 150, 128],
  },
  winter: {
    name: 'winter',
    sky: [
      [164, 198, 232],
      [228, 238, 248],
    ],
    backdrop: 'peaks',
    backdropColour: [134, 152, 188],
    scenery: ['pine', 'igloo'],
    sceneryColours: [
      [38, 104, 92],
      [214, 232, 246],
    ],
    ground: [240, 246, 252],
    pattern: 'drifts',
    patternColour: [196, 214, 234],
  },
} as const satisfies Record<string, SetLook>;
export type BaseSet = keyof typeof BASE_SETS;

const keys = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

/** The words of one base clip, in the order its caption says them. */
export interface WorldWords {
  readonly colour: Colour;
  readonly silhouette: BaseSilhouette;
  readonly headgear: Headgear;
  readonly action: Action;
  readonly set: BaseSet;
  readonly time: Time;
  readonly camera: Camera;
}

export function worldCaption(w: WorldWords): string {
  return `a ${w.colour} ${w.silhouette} fellow with ${w.headgear} ${w.action} in the ${w.set} at ${w.time} , camera ${w.camera}`;
}

const lookKey = (w: WorldWords) => `${w.colour}+${w.silhouette}+${w.headgear}`;
const sceneKey = (w: WorldWords) => `${w.set}+${w.action}+${w.time}`;

/** Combinations kept out of every training split: fixed once, so that all shards and seeds agree. */
const RESERVED_LOOKS = 8;
const RESERVED_SCENES = 4;

export const reservedLooks: ReadonlySet<string> = new Set(
  shuffled(
    rngOf('reserved looks'),
    keys(COLOURS).flatMap((c) =>
      keys(BASE_SILHOUETTES).flatMap((s) => keys(BASE_HEADGEAR).map((h) => `${c}+${s}+${h}`)),
    ),
  ).slice(0, RESERVED_LOOKS),
);
export const reservedScenes: ReadonlySet<string> = new Set(
  shuffled(
    rngOf('reserved scenes'),
    keys(BASE_SETS).flatMap((s) => ACTIONS.flatMap((a) => TIMES.map((t) => `${s}+${a}+${t}`))),
  ).slice(0, RESERVED_SCENES),
);

export type Novelty = 'none' | 'look' | 'scene';

export function noveltyOf(words: WorldWords): Novelty {
  if (reservedLooks.has(lookKey(words))) return 'look';
  return reservedScenes.has(sceneKey(words)) ? 'scene' : 'none';
}

function anyWords(rng: Rng): WorldWords {
  return {
    colour: rng.pick(keys(COLOURS)),
    silhouette: rng.pick(keys(BASE_SILHOUETTES)),
    headgear: rng.pick(keys(BASE_HEADGEAR)),
    action: rng.pick(ACTIONS),
    set: rng.pick(keys(BASE_SETS)),
    time: rng.pick(TIMES),
    camera: rng.pick(CAMERAS),
  };
}

/** Words with the asked novelty; a reserved combination never comes out for 'none'. */
export function worldWords(rng: Rng, novelty: Novelty): WorldWords {
  for (;;) {
    const words = anyWords(rng);
    if (noveltyOf(words) === novelty) return words;
  }
}

/** Small seeded change of a colour: nuisance the model must see through. */
const jitter = (rng: Rng, c: Rgb, by: number): Rgb => {
  const at = (v: number) => Math.max(0, Math.min(255, v + rng.range(-by, by)));
  return [at(c[0]), at(c[1]), at(c[2])];
};

function fellow(rng: Rng, w: WorldWords): CharacterLook {
  const body = jitter(rng, COLOURS[w.colour], 7);
  return {
    name: 'fellow',
    silhouette: w.silhouette,
    body,
    accent: body,
    texture: 'plain',
    held: w.headgear,
    heldColour: HEADGEAR_COLOURS[w.headgear],
  };
}

/** A complete shot for the words; size, place, speed, layout and palette vary with `rng`. */
export function worldShot(rng: Rng, words: WorldWords): ShotSpec {
  const set: SetLook = BASE_SETS[words.set];
  const seconds = rng.range(2.2, 3.6);
  return {
    character: fellow(rng, words),
    set: { ...set, ground: jitter(rng, set.ground, 8), backdropColour: jitter(rng, set.backdropColour, 8) },
    style: BASE_STYLE,
    action: words.action,
    camera: words.camera,
    time: words.time,
    seconds,
    ...framing(rng, words.camera),
    layoutSeed: rng.int(0, 0x7fffffff),
    motion: motionOf(rng, words.action, words.camera, seconds),
  };
}

/** Sizes and heights shared by worlds and films; a zoom starts from a smaller figure. */
export function framing(rng: Rng, camera: Camera): Pick<ShotSpec, 'size' | 'horizon' | 'feet'> {
  const zooms = camera === 'zooms in';
  const horizon = rng.range(0.6, 0.66);
  const feet = zooms ? horizon + rng.range(0.16, 0.2) : rng.range(0.86, 0.91);
  return { size: rng.range(0.4, 0.46) * (zooms ? 0.9 : 1), horizon, feet };
}
