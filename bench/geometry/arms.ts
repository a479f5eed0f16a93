/** What `compared.py` is asked for; times are seconds of the processor. */
export interface Wish {
  codecs: [block: number[], components: number][];
  arms: Arm[];
  /** Seconds of an arm before the next has its turn, and after which all are measured. */
  turn: number;
  marks: number[];
  /** The first mark at which takes are drawn. */
  drawFrom: number;
  /** Held-out clips that models are measured on; codecs are on all. */
  heldout: number;
  decoderSeconds: number;
  decoderSeed: number;
}

export interface Arm {
  name: string;
  block: [frames: number, rows: number, columns: number];
  components: number;
  captions: 'words' | 'bytes';
  optimizer: 'muon' | 'adamw';
  /** Seconds at the start in which only single frames are learned. */
  stills: number;
  seed: number;
}

export const SEED = 41;
/** The shipped base's geometry, captions and optimizer. */
export const AS_SHIPPED: Arm = {
  name: 'as shipped: 4x16x16, words, Muon',
  block: [4, 16, 16],
  components: 96,
  captions: 'words',
  optimizer: 'muon',
  stills: 0,
  seed: SEED,
};

const ARMS: Arm[] = [
  AS_SHIPPED,
  { ...AS_SHIPPED, name: '60 tokens: 4x16x32', block: [4, 16, 32], components: 192 },
  { ...AS_SHIPPED, name: '30 tokens: 4x32x32', block: [4, 32, 32], components: 192 },
  { ...AS_SHIPPED, name: 'captions as bytes', captions: 'bytes' },
  { ...AS_SHIPPED, name: 'images first', stills: 25 },
  { ...AS_SHIPPED, name: 'AdamW', optimizer: 'adamw' },
];

/** A token of more than 192 components would be wider than the model. */
const CODECS: Wish['codecs'] = [
  [[4, 16, 16], 96],
  [[8, 16, 16], 192],
  [[4, 16, 32], 192],
  [[16, 16, 16], 192],
  [[4, 32, 32], 192],
];

export const WHOLE: Wish = {
  codecs: CODECS,
  arms: ARMS,
  turn: 10,
  marks: [40, 80, 160, 320],
  drawFrom: 40,
  heldout: 64,
  decoderSeconds: 200,
  decoderSeed: SEED,
};

export const QUICK: Wish = {
  ...WHOLE,
  codecs: CODECS.slice(0, 1),
  arms: ARMS.slice(0, 2),
  turn: 2,
  marks: [2],
  drawFrom: 2,
  heldout: 8,
  decoderSeconds: 2,
};
