import type { Title } from '../spec.ts';

export const sugarMountain: Title = {
  slug: 'sugar-mountain',
  name: 'Sugar Mountain',
  style: { ink: [122, 34, 82], inkWidth: 0.016, inkScenery: true, shading: 'glow', sky: 'bands' },
  characters: [
    {
      name: 'Pimsy',
      silhouette: 'heart',
      body: [226, 72, 140],
      accent: [255, 222, 232],
      texture: 'checks',
      held: 'balloon',
      heldColour: [96, 208, 196],
    },
    {
      name: 'Gorvo',
      silhouette: 'pear',
      body: [152, 214, 172],
      accent: [96, 60, 44],
      texture: 'boots',
      held: 'drum',
      heldColour: [238, 118, 82],
    },
  ],
  sets: [
    {
      name: 'Candorra',
      sky: [
        [250, 200, 222],
        [255, 238, 228],
      ],
      backdrop: 'domes',
      backdropColour: [236, 148, 178],
      scenery: ['lollipop', 'cake'],
      sceneryColours: [
        [238, 76, 118],
        [172, 110, 82],
      ],
      ground: [252, 216, 196],
      pattern: 'rhombs',
      patternColour: [240, 164, 164],
    },
    {
      name: 'Frostelle',
      sky: [
        [178, 226, 236],
        [236, 246, 240],
      ],
      backdrop: 'terraces',
      backdropColour: [150, 190, 214],
      scenery: ['crystal', 'teacup'],
      sceneryColours: [
        [128, 188, 226],
        [214, 120, 168],
      ],
      ground: [222, 240, 236],
      pattern: 'chevrons',
      patternColour: [172, 210, 216],
    },
  ],
};
