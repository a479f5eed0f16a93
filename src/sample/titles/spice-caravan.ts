import type { Title } from '../spec.ts';

export const spiceCaravan: Title = {
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
};
