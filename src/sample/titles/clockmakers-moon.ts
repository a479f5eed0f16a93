import type { Title } from '../spec.ts';

export const clockmakersMoon: Title = {
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
};
