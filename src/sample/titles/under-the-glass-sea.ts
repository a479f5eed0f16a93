import type { Title } from '../spec.ts';

export const underTheGlassSea: Title = {
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
};
