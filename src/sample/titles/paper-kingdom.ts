import type { Title } from '../spec.ts';

export const paperKingdom: Title = {
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
};
