import { availableParallelism } from 'node:os';

/** What measure.py prints: seconds are of the processor where nothing else is said. */
export interface Measured {
  /** Processes that wanted a core, at the end of each part. */
  load: number[];
  overhead: { ours: number; bare: number; ratio: Spread; checkpoint: number };
  loader: { cpu: number; steps: number; slope: number; first: number; last: number };
  waiting: { share: number; n: number };
  peer: { ours: number; theirs: number; ratio: Spread; parameters: [number, number] } | null;
  take: { cpu: number; clock: number; fastest: number; n: number };
  curve: { steps: number; psnr: number; low: number; motion: number }[];
  another: number;
}

interface Spread {
  value: number;
  low: number;
  high: number;
  n: number;
}

const BATCH = 32;
/** Of a run by `train`, and the steps of the demo's adapter. */
const CHECKPOINTS = 4;
const DEMO_STEPS = 251;

const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits));
/** A ratio as what it is above one, in percent. */
const above = ({ value, low, high, n }: Spread) => ({
  value: rounded(100 * (value - 1)),
  low: rounded(100 * (low - 1)),
  high: rounded(100 * (high - 1)),
  n,
});

export const rowsOf = (found: Measured) => [
  ...overheadRows(found),
  ...loaderRows(found),
  ...peerRows(found),
  ...takeRows(found),
  {
    what: "the machine's load at the end of each part",
    value: found.load.map((load) => rounded(load)).join(', '),
    unit: `processes, ${availableParallelism()} cores`,
  },
];

function overheadRows({ overhead: { ours, bare, ratio, checkpoint } }: Measured) {
  return [
    {
      what: 'a step of the training loop (whole base, 32 clips, one thread)',
      value: rounded(ours),
      unit: 'CPU s',
    },
    { what: 'a step of a bare PyTorch loop, between the others', value: rounded(bare), unit: 'CPU s' },
    {
      what: 'overhead of the loop: median of pairs, middle half',
      unit: '%',
      ...above(ratio),
      peer: 'wanted: <= 3',
    },
    { what: 'a checkpoint of all weights, average and optimizer', value: rounded(checkpoint), unit: 'CPU s' },
    {
      what: `the same, ${CHECKPOINTS} in ${DEMO_STEPS} steps`,
      value: rounded((100 * checkpoint * CHECKPOINTS) / DEMO_STEPS / ours),
      unit: '%',
    },
  ];
}

function loaderRows({ loader, waiting, overhead }: Measured) {
  return [
    { what: 'making a batch', value: rounded(loader.cpu), unit: 'CPU s', n: loader.steps },
    {
      what: 'the same, as a share of a step',
      value: rounded((100 * loader.cpu) / overhead.ours),
      unit: '%',
      peer: 'wanted: < 1',
    },
    {
      what: 'the same by the clock, within steps',
      value: rounded(100 * waiting.share),
      unit: '%',
      n: waiting.n,
    },
    {
      what: 'memory while batches are made',
      value: rounded(loader.first, 4),
      unit: 'MiB at a tenth of them',
    },
    { what: 'the same, at the end', value: rounded(loader.last, 4), unit: 'MiB', n: loader.steps },
    { what: 'its slope', value: rounded(loader.slope), unit: 'MiB a thousand steps', peer: 'wanted: flat' },
  ];
}

function peerRows({ peer }: Measured) {
  if (peer === null)
    return [
      {
        what: "diffusers' Wan transformer",
        value: null,
        unit: 'not installed: ./backlot setup --open-bases',
      },
    ];
  const { ours, theirs, ratio, parameters } = peer;
  const of = (seconds: number, weights: number) => ({
    value: rounded(BATCH / seconds),
    unit: `clips per CPU s, ${rounded(weights / 1e6)} M parameters`,
  });
  return [
    { what: 'forward and backward, our transformer', ...of(ours, parameters[0]) },
    {
      what: "the same, diffusers' Wan transformer of its width, depth and tokens",
      ...of(theirs, parameters[1]),
    },
    {
      what: 'their time over ours: median of pairs, middle half',
      unit: 'x',
      ...ratioOf(ratio),
      peer: 'wanted: >= 1',
    },
  ];
}

const ratioOf = ({ value, low, high, n }: Spread) => ({
  value: rounded(value),
  low: rounded(low),
  high: rounded(high),
  n,
});

function takeRows({ take, curve, another }: Measured) {
  const seconds = (what: string, value: number, unit: string) => ({
    what,
    value: rounded(value),
    unit,
    n: take.n,
  });
  return [
    seconds("a take at the base's size, in a batch of 8", take.cpu, 'CPU s'),
    { ...seconds('the same by the clock, two threads, median', take.clock, 's'), peer: 'wanted: <= 4' },
    seconds('the same, fastest', take.fastest, 's'),
    ...curve.map(({ steps, psnr, low, motion }) => ({
      what: `${steps} sampling steps against the most, same noise`,
      value: rounded(psnr),
      unit: `dB, worst ${rounded(low)}, motion ${rounded(100 * motion)} % of theirs`,
      n: 8,
    })),
    { what: 'another take of the same brief, both with the most', value: rounded(another), unit: 'dB', n: 4 },
  ];
}
