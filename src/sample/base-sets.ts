import type { SetLook } from './spec.ts';

/** The everyday places of the base; no title is set in one of them. */
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
