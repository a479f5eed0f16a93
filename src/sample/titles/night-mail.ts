import type { Title } from '../spec.ts';

export const nightMail: Title = {
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
};
