import type { Title } from '../spec.ts';

export const robotOrchard: Title = {
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
};
