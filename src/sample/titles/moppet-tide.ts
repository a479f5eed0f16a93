import type { Title } from '../spec.ts';

export const moppetTide: Title = {
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
};
