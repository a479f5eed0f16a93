import type { Title } from '../spec.ts';

export const littleComet: Title = {
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
};
