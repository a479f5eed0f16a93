import type { Title } from '../spec.ts';

export const teatimePirates: Title = {
  slug: 'teatime-pirates',
  name: 'Teatime Pirates',
  style: { ink: [20, 30, 40], inkWidth: 0.02, inkScenery: false, shading: 'band', sky: 'gradient' },
  characters: [
    {
      name: 'Crumlo',
      silhouette: 'cat',
      body: [184, 146, 112],
      accent: [70, 132, 168],
      texture: 'belts',
      held: 'guitar',
      heldColour: [206, 68, 78],
    },
    {
      name: 'Vesh',
      silhouette: 'ghost',
      body: [122, 190, 150],
      accent: [244, 248, 226],
      texture: 'dots',
      held: 'broom',
      heldColour: [240, 202, 84],
    },
  ],
  sets: [
    {
      name: 'Kettlebay',
      sky: [
        [170, 214, 206],
        [240, 238, 210],
      ],
      backdrop: 'arches',
      backdropColour: [108, 154, 148],
      scenery: ['teacup', 'mailbox'],
      sceneryColours: [
        [210, 92, 102],
        [72, 96, 142],
      ],
      ground: [212, 196, 146],
      pattern: 'boards',
      patternColour: [186, 168, 122],
    },
    {
      name: 'Saucerine',
      sky: [
        [214, 206, 232],
        [242, 232, 236],
      ],
      backdrop: 'islands',
      backdropColour: [150, 134, 170],
      scenery: ['cake', 'lighthouse'],
      sceneryColours: [
        [206, 142, 102],
        [116, 150, 92],
      ],
      ground: [162, 178, 170],
      pattern: 'pebbles',
      patternColour: [134, 148, 146],
    },
  ],
};
